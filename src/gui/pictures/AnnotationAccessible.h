// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

class QAccessibleEvent;

namespace understudy {

class AnnotationCanvas;

/// The marks for a screen reader: each is a child of the canvas, with a name, a sentence, a place, states and
/// something to press. GUI thread.
namespace annotationaccess {

/// Where events go: to Qt, unless a test listens where the platform has nobody who would.
using Teller = void (*)(QAccessibleEvent *event);
void setTeller(Teller teller);

void install(); ///< Once for all canvases; more often does no harm.
void marksChanged(AnnotationCanvas *canvas);
void selectionChanged(AnnotationCanvas *canvas, qsizetype mark);

} // namespace annotationaccess
} // namespace understudy
