# Registers wmrec as a component of ESP-IDF. The CMakeLists.txt at the top includes this file if ESP-IDF runs it.
#
# SPDX-License-Identifier: Apache-2.0

set(wmrec ${CMAKE_CURRENT_LIST_DIR}/..)
set(folders ${wmrec}/core ${wmrec}/port ${wmrec}/port/posix)
if(CONFIG_WMREC_TLS)
  list(APPEND folders ${wmrec}/port/mbedtls)
endif()
list(TRANSFORM folders APPEND "/*.c" OUTPUT_VARIABLE sources)
file(GLOB sources ${sources})

# ESP-IDF reads this call a first time before it knows the configuration: so what is required must not depend on it.
idf_component_register(SRCS ${sources} PRIV_INCLUDE_DIRS ${folders} REQUIRES lwip mbedtls
  KCONFIG ${CMAKE_CURRENT_LIST_DIR}/esp_idf.kconfig)

# Users include <wmrec/drive.h>. In the source tree, the public headers are in several folders, beside others.
list(REMOVE_ITEM folders ${wmrec}/core)
list(TRANSFORM folders APPEND "/*.h" OUTPUT_VARIABLE headers)
file(GLOB headers ${wmrec}/core/wmrec.h ${headers})
foreach(header IN LISTS headers)
  get_filename_component(name ${header} NAME)
  file(STRINGS ${header} first_line LIMIT_COUNT 1)
  if(NOT name MATCHES "_config\\.h$" AND NOT first_line MATCHES "Not for users\\.$")
    configure_file(${header} ${CMAKE_CURRENT_BINARY_DIR}/include/wmrec/${name} COPYONLY)
  endif()
endforeach()
target_include_directories(${COMPONENT_LIB} PUBLIC ${CMAKE_CURRENT_BINARY_DIR}/include)
