// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/GuiPictures.h"

#include <QCoreApplication>
#include <QThread>
#include <chrono>
#include <future>

namespace understudy {

GuiPictures::GuiPictures(PictureSource *source, std::stop_token stop)
    : m_source(source), m_stop(std::move(stop))
{
}

QImage GuiPictures::onGuiThread(std::function<QImage()> draw) const
{
    if (!m_source || m_stop.stop_requested() || !QCoreApplication::instance())
        return {};
    if (QThread::currentThread() == QCoreApplication::instance()->thread())
        return draw();
    auto promise = std::make_shared<std::promise<QImage>>();
    std::future<QImage> picture = promise->get_future();
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [promise, draw = std::move(draw), stop = m_stop] {
            promise->set_value(stop.stop_requested() ? QImage() : draw());
        },
        Qt::QueuedConnection);
    // Waits for the window's thread, but never longer than somebody wants the report.
    while (picture.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (m_stop.stop_requested())
            return {};
    }
    return picture.get();
}

QImage GuiPictures::lagChart(const LagHistory &history, const Topology &topology, const QSize &size,
                             double scale, const Theme &theme)
{
    return onGuiThread([source = m_source, history, topology, size, scale, theme] {
        return source->lagChart(history, topology, size, scale, theme);
    });
}

QImage GuiPictures::readLoadChart(const ReadLoadResult &result, const Topology &topology,
                                  const LagHistory &history, const QSize &size, double scale,
                                  const Theme &theme)
{
    return onGuiThread([source = m_source, result, topology, history, size, scale, theme] {
        return source->readLoadChart(result, topology, history, size, scale, theme);
    });
}

} // namespace understudy
