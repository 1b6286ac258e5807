// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Theme.h"
#include "report/Markdown.h"
#include "report/Runbook.h"

#include <QFile>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <mutex>

namespace understudy {

namespace {

struct NodeDeleter
{
    void operator()(cmark_node *node) const { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, NodeDeleter>;

Document parsed(const QByteArray &markdown)
{
    static std::once_flag registered;
    std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    if (cmark_syntax_extension *table = cmark_find_syntax_extension("table"))
        cmark_parser_attach_syntax_extension(parser, table);
    cmark_parser_feed(parser, markdown.constData(), size_t(markdown.size()));
    Document document(cmark_parser_finish(parser));
    cmark_parser_free(parser);
    return document;
}

QList<cmark_node *> nodesOf(cmark_node *root, cmark_node_type type)
{
    QList<cmark_node *> found;
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type event = cmark_iter_next(it); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(it)) {
        cmark_node *node = cmark_iter_get_node(it);
        if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == type)
            found << node;
    }
    cmark_iter_free(it);
    return found;
}

QString literal(cmark_node *node)
{
    return QString::fromUtf8(cmark_node_get_literal(node));
}

/// Pictures beside the text become part of the page; everything else that calls itself an image is left out.
void embedPictures(cmark_node *root, const QDir &folder)
{
    for (cmark_node *image : nodesOf(root, CMARK_NODE_IMAGE)) {
        const QString url = QString::fromUtf8(cmark_node_get_url(image));
        QByteArray data;
        if (!url.isEmpty() && !url.contains(u'/') && url.endsWith(QLatin1String(".png"))) {
            QFile file(folder.filePath(url));
            if (file.open(QIODevice::ReadOnly))
                data = file.readAll();
        }
        cmark_node_set_url(image,
                           data.isEmpty() ? "" : ("data:image/png;base64," + data.toBase64()).constData());
    }
}

struct Mark
{
    const char *css;
    const char *path; ///< Drawn over the class's shape in a box of 16 units.
    const char *shape;
};

const char *const circle = "<circle cx=\"8\" cy=\"8\" r=\"7\"/>";
const char *const triangle = "<path d=\"M8 1.5 15 14.5H1z\"/>";
const char *const octagon = "<path d=\"M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z\"/>";
const char *const square = "<rect x=\"1.5\" y=\"1.5\" width=\"13\" height=\"13\" rx=\"2\"/>";
const Mark okMark{"ok", "M4.8 8.3 7 10.5 11.2 5.7", circle};
const Mark warnMark{"warn", "M8 6v4M8 12.2v.2", triangle};
const Mark critMark{"crit", "M5.5 5.5l5 5M10.5 5.5l-5 5", octagon};
const Mark heldMark{"held", "M5 8h6", square};

const Mark *markOfWord(const QString &word)
{
    static const QHash<QString, const Mark *> marks{
        {QStringLiteral("Pass"), &okMark},       {QStringLiteral("Passed"), &okMark},
        {QStringLiteral("Fixed here"), &okMark}, {QStringLiteral("As expected"), &okMark},
        {QStringLiteral("Warning"), &warnMark},  {QStringLiteral("Unknown"), &warnMark},
        {QStringLiteral("Fail"), &critMark},     {QStringLiteral("Failed"), &critMark},
        {QStringLiteral("Differs"), &critMark},  {QStringLiteral("Waived"), &heldMark}};
    return marks.value(word);
}

const Mark *markOfVerdict(const QString &words)
{
    if (words.startsWith(QLatin1String("Ready to")) ||
        (words.startsWith(QLatin1String("Added ")) && !words.contains(QLatin1String(", but "))))
        return &okMark;
    if (words.startsWith(QLatin1String("Planned")) || words.startsWith(QLatin1String("Cancelled")))
        return &heldMark;
    if (words.startsWith(QLatin1String("Not ")))
        return &critMark;
    return &warnMark;
}

QByteArray svg(const Mark &mark)
{
    return QByteArray(
               "<svg class=\"g\" width=\"14\" height=\"14\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">") +
           mark.shape + "<path class=\"m\" d=\"" + mark.path + "\"/></svg>";
}

/// A cell that holds nothing but a state's word gets the state's shape and colour as well.
void markStates(cmark_node *root)
{
    for (cmark_node *text : nodesOf(root, CMARK_NODE_TEXT)) {
        cmark_node *cell = cmark_node_parent(text);
        if (!cell || qstrcmp(cmark_node_get_type_string(cell), "table_cell") != 0 || cmark_node_next(text) ||
            cmark_node_previous(text))
            continue;
        const Mark *mark = markOfWord(literal(text));
        if (!mark)
            continue;
        // A table cell of this library may not hold a custom node, a strong one may.
        cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG);
        cmark_node *span = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
        cmark_node_set_on_enter(
            span, ("<span class=\"state " + QByteArray(mark->css) + "\">" + svg(*mark)).constData());
        cmark_node_set_on_exit(span, "</span>");
        cmark_node_insert_before(text, strong);
        cmark_node_append_child(strong, span);
        cmark_node_append_child(span, text);
    }
}

/// The first quoted block is the verdict: the one box of the page.
void frameVerdict(cmark_node *root)
{
    const QList<cmark_node *> quotes = nodesOf(root, CMARK_NODE_BLOCK_QUOTE);
    if (quotes.isEmpty())
        return;
    cmark_node *quote = quotes.constFirst();
    const QList<cmark_node *> words = nodesOf(quote, CMARK_NODE_TEXT);
    const Mark *mark = markOfVerdict(words.isEmpty() ? QString() : literal(words.constFirst()));
    cmark_node *box = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_on_enter(
        box, ("<div class=\"verdict " + QByteArray(mark->css) + "\">" + svg(*mark) + "<div>").constData());
    cmark_node_set_on_exit(box, "</div></div>");
    cmark_node_insert_before(quote, box);
    while (cmark_node *child = cmark_node_first_child(quote))
        cmark_node_append_child(box, child);
    cmark_node_unlink(quote);
    cmark_node_free(quote);
}

QString colours(const Theme &theme)
{
    const QList<std::pair<const char *, QColor>> tokens{{"panel", theme.panel},
                                                        {"canvas", theme.canvas},
                                                        {"sunken", theme.sunken},
                                                        {"border", theme.border},
                                                        {"ctl", theme.ctl},
                                                        {"text", theme.text},
                                                        {"text2", theme.text2},
                                                        {"text3", theme.text3},
                                                        {"ok", theme.ok},
                                                        {"ok-tint", theme.okTint},
                                                        {"warn", theme.warn},
                                                        {"warn-g", theme.warnG},
                                                        {"warn-tint", theme.warnTint},
                                                        {"crit", theme.crit},
                                                        {"crit-tint", theme.critTint},
                                                        {"held", theme.held},
                                                        {"held-tint", theme.heldTint},
                                                        {"mark", theme.mark},
                                                        {"accent", theme.accent}};
    QString out;
    for (const auto &[name, colour] : tokens)
        out += QStringLiteral("--%1:%2;").arg(QLatin1String(name), colour.name());
    return out;
}

QString styleSheet()
{
    return QStringLiteral(":root{color-scheme:light dark;%1}\n"
                          "@media screen and (prefers-color-scheme:dark){:root{%2}}\n")
               .arg(colours(Theme::light()), colours(Theme::dark())) +
           QStringLiteral(
               "@page{size:A4;margin:15mm;@bottom-right{content:counter(page) ' of ' counter(pages);"
               "font:8pt sans-serif}}\n"
               "*{box-sizing:border-box}\n"
               "body{margin:0;background:var(--panel);color:var(--text);font:13px/18px Inter,'Noto "
               "Sans','DejaVu "
               "Sans',sans-serif;font-variant-numeric:tabular-nums}\n"
               "main,header,footer{max-width:794px;margin:0 auto;padding:0 56px}\n"
               "header{display:flex;gap:10px;padding-top:44px;font-size:11px;color:var(--text3)}\n"
               "header b{color:var(--text)}\n"
               "header::after{content:''}\n"
               "main{border-top:1px solid var(--border);margin-top:8px;max-width:682px;padding:0}\n"
               "footer{border-top:1px solid var(--border);margin-top:32px;max-width:682px;padding:8px 0 28px;"
               "font-size:11px;color:var(--text3)}\n"
               "h1{font-size:22px;line-height:28px;font-weight:600;margin:20px 0 4px}\n"
               "h1+p{font-size:12px;color:var(--text2);margin:0}\n"
               "h2{font-size:15px;line-height:20px;font-weight:600;margin:26px 0 8px;break-after:avoid}\n"
               "h3{font-size:13px;font-weight:600;margin:16px 0 6px;break-after:avoid}\n"
               "p{margin:8px 0;color:var(--text2)}\n"
               "table{border-collapse:collapse;width:100%;font-size:12px;margin:6px 0;break-inside:auto}\n"
               "th{font-size:11px;font-weight:600;color:var(--text2);text-align:left;padding:5px 12px 5px 0;"
               "border-bottom:1px solid var(--ctl)}\n"
               "td{padding:4px 12px 4px 0;border-bottom:1px solid var(--border);vertical-align:top;"
               "overflow-wrap:anywhere}\n"
               "tr{break-inside:avoid}\n"
               "code,pre{font:11.5px/18px 'JetBrains Mono','DejaVu Sans "
               "Mono',monospace;font-variant-ligatures:none}\n"
               "code{background:var(--sunken);border-radius:4px;padding:1px 4px;overflow-wrap:anywhere}\n"
               "pre{background:var(--sunken);border-radius:6px;padding:8px 12px;margin:8px "
               "0;white-space:pre-wrap;"
               "overflow-wrap:anywhere}\n"
               "pre code{background:none;padding:0}\n"
               "img{max-width:100%;border:1px solid var(--border);border-radius:6px}\n"
               "td img{width:100%}\ntd:last-child,th:last-child{padding-right:0}\n"
               ".g{flex:none;vertical-align:-2px;fill:currentColor}\n"
               ".g "
               ".m{fill:none;stroke:var(--mark);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}"
               "\n"
               ".state{white-space:nowrap}\n.state .g{margin-right:5px}\n"
               ".ok{color:var(--ok)}\n.warn{color:var(--warn)}\n.crit{color:var(--crit)}\n.held{color:var(--"
               "held)}\n"
               ".warn .g{fill:var(--warn-g)}\n"
               ".verdict{display:flex;gap:10px;align-items:flex-start;margin:14px 0;padding:10px "
               "14px;border:1px solid;"
               "border-radius:6px;break-inside:avoid}\n"
               ".verdict .g{width:18px;height:18px}\n"
               ".verdict p{margin:0}\n.verdict strong{display:block;color:var(--text)}\n"
               ".verdict.ok{background:var(--ok-tint)}\n.verdict.warn{background:var(--warn-tint)}\n"
               ".verdict.crit{background:var(--crit-tint)}\n.verdict.held{background:var(--held-tint)}\n"
               "@media print{main,header,footer{max-width:none}header{padding:0 0 8px}}\n");
}

} // namespace

QString runbookHtml(const QString &markdown, const QString &title, const QDir &pictureFolder)
{
    const Document document = parsed(markdown.toUtf8());
    embedPictures(document.get(), pictureFolder);
    markStates(document.get());
    frameVerdict(document.get());
    // Raw HTML is left out by default: CMARK_OPT_UNSAFE is never set.
    char *body = cmark_render_html(document.get(), CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES, nullptr);
    const QString inner = QString::fromUtf8(body);
    cmark_get_default_mem_allocator()->free(body);
    return QStringLiteral(
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>") +
           markdown::oneLine(title).toHtmlEscaped() + QStringLiteral("</title>\n<style>\n") + styleSheet() +
           QStringLiteral("</style>\n</head>\n<body>\n<header><b>Understudy</b><span>Runbook</span></"
                          "header>\n<main>\n") +
           inner +
           QStringLiteral("</main>\n<footer>Made from live data. Passwords are never "
                          "written.</footer>\n</body>\n</html>\n");
}

} // namespace understudy
