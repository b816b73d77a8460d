# The library wmrec-tls: see WMREC_TLS in CMakeLists.txt. SPDX-License-Identifier: Apache-2.0

file(GLOB tls_headers CONFIGURE_DEPENDS port/mbedtls/*.h port/ask/*.h)
file(GLOB tls_sources CONFIGURE_DEPENDS port/mbedtls/*.c port/ask/*.c)
list(FILTER tls_headers EXCLUDE REGEX "_config\\.h$")
set(port_includes core port port/mbedtls port/posix port/ask)

if(WMREC_TLS STREQUAL FOUND)
  if(NOT TARGET MbedTLS::mbedtls)
    find_package(MbedTLS REQUIRED)
  endif()
  list(FILTER tls_headers EXCLUDE REGEX "/tls_platform\\.h$") # it is for wmrec's own configuration
  add_library(wmrec-tls STATIC ${tls_sources})
  target_include_directories(wmrec-tls PRIVATE ${port_includes})
  target_link_libraries(wmrec-tls PUBLIC wmrec MbedTLS::mbedtls)
else()
  list(FILTER tls_headers EXCLUDE REGEX "/chain\\.h$") # it is for programs that call the same mbedTLS
  include(packaging/tls_own.cmake)
endif()
list(APPEND headers ${tls_headers})
wmrec_options(wmrec-tls)
set_target_properties(wmrec-tls PROPERTIES EXPORT_NAME tls)
add_library(wmrec::tls ALIAS wmrec-tls)
