# SPDX-License-Identifier: GPL-3.0-or-later
# Puts the Breeze icons that the window uses into its binary, straight from the installed icon theme: no copies
# in the repository, no dependency when it runs.
#
#   understudy_breeze_icons(room_gui list-add camera-photo utilities-terminal=dialog-scripts ...)
#
# NAME=OTHER takes another icon's picture: some names exist in full colour only.
function(understudy_breeze_icons target)
    find_path(BREEZE_ICONS_DIR NAMES actions/16/list-add.svg
        PATHS /usr/share/icons/breeze /usr/local/share/icons/breeze
        DOC "Folder of the Breeze icon theme" NO_DEFAULT_PATH)
    if(NOT BREEZE_ICONS_DIR)
        message(FATAL_ERROR "The Breeze icon theme is missing: install the package breeze-icon-theme.")
    endif()
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/icons")
    file(MAKE_DIRECTORY "${folder}")
    set(entries "")
    foreach(entry ${ARGN})
        string(REPLACE "=" ";" parts "${entry}")
        list(GET parts 0 name)
        list(GET parts -1 source)
        set(found "")
        foreach(category actions apps devices places status)
            if(NOT found AND EXISTS "${BREEZE_ICONS_DIR}/${category}/16/${source}.svg")
                file(REAL_PATH "${BREEZE_ICONS_DIR}/${category}/16/${source}.svg" found)
            endif()
        endforeach()
        if(NOT found)
            message(FATAL_ERROR "The Breeze icon theme in ${BREEZE_ICONS_DIR} has no 16 px icon \"${source}\".")
        endif()
        configure_file("${found}" "${folder}/${name}.svg" COPYONLY)
        string(APPEND entries "    <file alias=\"${name}.svg\">${folder}/${name}.svg</file>\n")
    endforeach()
    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/breeze_icons.qrc" CONTENT
        "<RCC>\n  <qresource prefix=\"/icons\">\n@entries@  </qresource>\n</RCC>\n" @ONLY)
    qt_add_resources(sources "${CMAKE_CURRENT_BINARY_DIR}/breeze_icons.qrc")
    target_sources(${target} PRIVATE ${sources})
endfunction()
