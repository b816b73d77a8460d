# WMREC_TLS=OWN: mbedTLS is inside wmrec-tls, and cannot be seen from outside. SPDX-License-Identifier: Apache-2.0

get_filename_component(MBEDTLS_DIR "${MBEDTLS_DIR}" ABSOLUTE)
if(NOT EXISTS "${MBEDTLS_DIR}/include/mbedtls/ssl.h")
  message(FATAL_ERROR "wmrec: WMREC_TLS=OWN needs MBEDTLS_DIR, the source tree of mbedTLS: it has no include/mbedtls/ssl.h.")
endif()
if(NOT CMAKE_OBJCOPY OR APPLE)
  message(FATAL_ERROR "wmrec: WMREC_TLS=OWN needs objcopy, and a linker for ELF. Use WMREC_TLS=FOUND with your own mbedTLS.")
endif()

# The profile: see port/mbedtls/crypto_config.h. The C library's gmtime_r() may need a heap, so devices get another one.
set(profile)
if(WMREC_HAS_SOCKETS)
  set(WMREC_TLS_PROFILE DESKTOP)
else()
  set(WMREC_TLS_PROFILE DEVICE CACHE STRING "The profile of mbedTLS: DEVICE, or SMALL")
  set(profile WMREC_TLS_DEVICE)
  list(APPEND tls_sources examples/lamp/gmtime.c)
endif()
if(WMREC_TLS_PROFILE STREQUAL SMALL)
  list(APPEND profile WMREC_TLS_SMALL)
endif()

# Both layouts: 3.6 has all sources in library/; 4.x has its cryptography in tf-psa-crypto/.
set(crypto ${MBEDTLS_DIR}/tf-psa-crypto)
file(GLOB mbedtls_sources ${MBEDTLS_DIR}/library/*.c ${crypto}/core/*.c ${crypto}/drivers/builtin/src/*.c ${crypto}/dispatch/*.c
  ${crypto}/extras/*.c ${crypto}/platform/*.c ${crypto}/utilities/*.c)
set(mbedtls_includes ${MBEDTLS_DIR}/include ${crypto}/include ${crypto}/drivers/builtin/include)
set(mbedtls_options ${profile} "MBEDTLS_CONFIG_FILE=\"tls_config.h\"" "TF_PSA_CRYPTO_CONFIG_FILE=\"crypto_config.h\"")

add_library(wmrec-mbedtls STATIC EXCLUDE_FROM_ALL ${mbedtls_sources})
wmrec_options(wmrec-mbedtls)
target_include_directories(wmrec-mbedtls PRIVATE port/mbedtls ${mbedtls_includes} ${MBEDTLS_DIR}/library ${crypto}/core
  ${crypto}/dispatch ${crypto}/extras ${crypto}/platform ${crypto}/utilities ${crypto}/drivers/builtin/src)
target_compile_definitions(wmrec-mbedtls PRIVATE ${mbedtls_options})

add_library(wmrec-tls-port OBJECT ${tls_sources})
wmrec_options(wmrec-tls-port)
target_include_directories(wmrec-tls-port PRIVATE ${port_includes})
target_include_directories(wmrec-tls-port SYSTEM PRIVATE ${mbedtls_includes})
target_compile_definitions(wmrec-tls-port PRIVATE ${mbedtls_options})

set(object ${CMAKE_CURRENT_BINARY_DIR}/wmrec-tls.o)
add_custom_command(OUTPUT ${object}
  COMMAND ${CMAKE_COMMAND} -E env "CC=${CMAKE_C_COMPILER} ${CMAKE_C_FLAGS}" "OBJCOPY=${CMAKE_OBJCOPY}"
    sh ${CMAKE_CURRENT_SOURCE_DIR}/packaging/isolate.sh ${object} $<TARGET_OBJECTS:wmrec-tls-port> $<TARGET_FILE:wmrec-mbedtls>
  DEPENDS wmrec-tls-port $<TARGET_OBJECTS:wmrec-tls-port> wmrec-mbedtls packaging/isolate.sh
  COMMAND_EXPAND_LISTS VERBATIM)
add_library(wmrec-tls STATIC ${object})
set_target_properties(wmrec-tls PROPERTIES LINKER_LANGUAGE C)
set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
target_link_libraries(wmrec-tls INTERFACE wmrec)

if(IS_TOP_LEVEL)
  file(GLOB cli_sources CONFIGURE_DEPENDS examples/cli/*.c examples/cli/*/*.c)
  add_executable(wmrec-cli ${cli_sources} boards/settings.c boards/crc32.c boards/uf2.c $<TARGET_OBJECTS:wmrec-tls-port>)
  wmrec_options(wmrec-cli)
  set_target_properties(wmrec-cli PROPERTIES OUTPUT_NAME wmrec)
  target_include_directories(wmrec-cli PRIVATE examples/cli boards ${port_includes})
  target_include_directories(wmrec-cli SYSTEM PRIVATE ${mbedtls_includes})
  target_compile_definitions(wmrec-cli PRIVATE ${mbedtls_options})
  target_link_libraries(wmrec-cli PRIVATE wmrec wmrec-mbedtls)
endif()
