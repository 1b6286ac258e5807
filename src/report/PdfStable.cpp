// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/PdfStable.h"

#include <cctype>

namespace understudy {

namespace {

/// Replaces the characters after each @p key, up to @p end, that @p wanted accepts.
template <typename Wanted>
void blank(QByteArray &pdf, const char *key, char end, char with, Wanted wanted)
{
    const auto length = qsizetype(qstrlen(key));
    for (qsizetype at = pdf.indexOf(key); at >= 0; at = pdf.indexOf(key, at + length)) {
        for (qsizetype i = at + length; i < pdf.size() && pdf.at(i) != end; ++i) {
            if (wanted(static_cast<unsigned char>(pdf.at(i))))
                pdf[i] = with;
        }
    }
}

} // namespace

QByteArray stablePdf(QByteArray pdf)
{
    const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    const auto hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
    blank(pdf, "/CreationDate (D:", ')', '0', digit);
    blank(pdf, "/ModDate (D:", ')', '0', digit);
    blank(pdf, "<xmp:CreateDate>", '<', '0', digit);
    blank(pdf, "<xmp:ModifyDate>", '<', '0', digit);
    blank(pdf, "<xmp:MetadataDate>", '<', '0', digit);
    blank(pdf, "<xmpMM:DocumentID>uuid:", '<', '0', hex);
    // Later versions of Qt write the same as attributes.
    blank(pdf, "xmp:CreateDate=\"", '"', '0', digit);
    blank(pdf, "xmp:ModifyDate=\"", '"', '0', digit);
    blank(pdf, "xmp:MetadataDate=\"", '"', '0', digit);
    blank(pdf, "xmpMM:DocumentID=\"uuid:", '"', '0', hex);
    blank(pdf, "/ID [", ']', '0', hex);
    return pdf;
}

} // namespace understudy
