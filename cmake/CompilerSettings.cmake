# Warnings are for our own code only, so they travel through one interface target.
add_library(understudy_warnings INTERFACE)
target_compile_options(understudy_warnings INTERFACE -Wall -Wextra
    $<$<BOOL:${UNDERSTUDY_WERROR}>:-Werror>
    # GCC 12 sees a use after free in the standard library's own stop_token when it inlines enough of it.
    $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-use-after-free>)
target_compile_definitions(understudy_warnings INTERFACE
    QT_NO_FOREACH QT_NO_KEYWORDS QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    UNDERSTUDY_VERSION="${PROJECT_VERSION}")

if(UNDERSTUDY_SANITIZE)
    add_compile_options(-fsanitize=${UNDERSTUDY_SANITIZE} -fno-omit-frame-pointer -g1)
    add_link_options(-fsanitize=${UNDERSTUDY_SANITIZE})
    if(UNDERSTUDY_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()

if(UNDERSTUDY_CLANG_TIDY)
    find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy REQUIRED)
    set(CMAKE_CXX_CLANG_TIDY "${CLANG_TIDY}")
endif()

find_program(CCACHE ccache)
if(CCACHE)
    # Precompiled headers and ccache go together only when it may overlook their macros and times.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${CCACHE}")
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
        add_compile_options(-fpch-preprocess)
    endif()
endif()
