# The target wmrec::lwip for the Pico SDK, after pico_sdk_init(). It is compiled with your executable, as your lwipopts.h decides
# what lwIP is. SPDX-License-Identifier: Apache-2.0

# The files find each other in one folder, so that your include path gets no general name such as transport.h.
file(GLOB lwip_files CONFIGURE_DEPENDS port/lwip/*.[ch])
set(lwip_folder ${CMAKE_CURRENT_BINARY_DIR}/lwip)
file(COPY core/wmrec.h port/transport.h ${lwip_files} DESTINATION ${lwip_folder})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lwip_files})
file(GLOB lwip_sources ${lwip_folder}/*.c)
list(FILTER lwip_files INCLUDE REGEX "\\.h$")
list(APPEND headers ${lwip_files})

add_library(wmrec_lwip INTERFACE)
add_library(wmrec::lwip ALIAS wmrec_lwip)
target_sources(wmrec_lwip INTERFACE ${lwip_sources})
target_link_libraries(wmrec_lwip INTERFACE wmrec pico_lwip pico_lwip_arch)
