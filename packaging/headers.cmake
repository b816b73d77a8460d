# The public headers of this configuration, in ${include}/wmrec. SPDX-License-Identifier: Apache-2.0

set(public_headers)
foreach(header ${headers})
  file(STRINGS ${header} private REGEX "Not for users\\.$")
  if(NOT private)
    list(APPEND public_headers ${header})
  endif()
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${public_headers})

if(WMREC_TLS STREQUAL OWN)
  list(JOIN profile " " profile)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env "PROFILE=${profile}"
      sh packaging/headers.sh ${include}/wmrec ${MBEDTLS_DIR} ${public_headers}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} RESULT_VARIABLE error)
  if(error)
    message(FATAL_ERROR "wmrec: the headers of mbedTLS cannot be copied: ${error}")
  endif()
else()
  file(REMOVE_RECURSE ${include})
  file(COPY ${public_headers} DESTINATION ${include}/wmrec)
endif()
