# A room is a folder below src/ and one static library of the same name. What a room may include is what
# it links: an include of a room that is not listed here does not link (see CONTRIBUTING.md).
#
#   understudy_room(hosts SOURCES LocalHost.cpp ... LINK room_model Qt6::Core PRIVATE_LINK ...)
function(understudy_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    add_library(room_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(room_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(room_${name} PUBLIC ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK} understudy_warnings)
    understudy_precompile(room_${name})
endfunction()

# Most of the time of a build goes into the headers of Qt and of the standard library. They are compiled once, with
# the first room, and everything else takes them over; sources still include what they use. The window has its own.
function(understudy_precompile target)
    if(target STREQUAL room_model)
        target_precompile_headers(${target} PRIVATE
            <algorithm> <chrono> <condition_variable> <functional> <memory> <mutex> <optional> <stop_token> <thread>
            <utility> <variant> <tl/expected.hpp>
            <QByteArray> <QDateTime> <QFile> <QHash> <QJsonArray> <QJsonDocument> <QJsonObject> <QList> <QMap>
            <QMetaType> <QObject> <QRegularExpression> <QString> <QStringList> <QVariant>)
    elseif(target STREQUAL room_gui)
        target_precompile_headers(${target} PRIVATE
            <algorithm> <functional> <memory> <optional> <stop_token> <thread> <utility> <variant> <tl/expected.hpp>
            <QDateTime> <QHash> <QJsonObject> <QList> <QMap> <QObject> <QString> <QStringList> <QVariant>
            <QApplication> <QBoxLayout> <QFrame> <QLabel> <QMainWindow> <QMouseEvent> <QPainter> <QPainterPath>
            <QPushButton> <QScrollArea> <QTimer> <QToolButton> <QWidget>)
    else()
        target_precompile_headers(${target} REUSE_FROM room_model)
    endif()
endfunction()
