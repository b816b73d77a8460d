# The component of ESP-IDF. It has not been run on a chip: examples/esp_idf/README.md says what has been compiled.
# SPDX-License-Identifier: Apache-2.0

set(folders ${COMPONENT_DIR}/core ${COMPONENT_DIR}/port ${COMPONENT_DIR}/port/posix)
if(CONFIG_WMREC_TLS)
  list(APPEND folders ${COMPONENT_DIR}/port/mbedtls)
endif()

# ESP-IDF reads this call a first time before it knows the configuration: so what is required must not depend on it.
idf_component_register(SRC_DIRS ${folders} PRIV_INCLUDE_DIRS ${folders} REQUIRES lwip mbedtls
  KCONFIG ${CMAKE_CURRENT_LIST_DIR}/esp_idf.kconfig)

# Users include <wmrec/NAME.h>.
set(include ${CMAKE_CURRENT_BINARY_DIR}/include)
list(REMOVE_ITEM folders ${COMPONENT_DIR}/core)
list(TRANSFORM folders APPEND "/*.h")
file(GLOB headers core/wmrec.h ${folders})
include(${CMAKE_CURRENT_LIST_DIR}/headers.cmake)
target_include_directories(${COMPONENT_LIB} PUBLIC ${include})
