// SPDX-License-Identifier: GPL-3.0-or-later
#include "WindowFixture.h"
#include "paint/FoldChip.h"
#include "report/DrawnPicture.h"

#include <QFile>
#include <QFontInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QXmlStreamReader>

using namespace understudy;
using namespace understudy::fixture;

namespace {

const QStringList &secrets()
{
    static const QStringList all{
        QStringLiteral("acme"),       QStringLiteral("pg-ams-1"), QStringLiteral("pg_ams_1"),
        QStringLiteral("10.77.0.1"),  QStringLiteral("pg-lon"),   QStringLiteral("pg_lon"),
        QStringLiteral("orders-wal"), QStringLiteral("dr-site"),  QStringLiteral("172.31.9.9"),
        QStringLiteral("böse"),       QStringLiteral("backup01"), QStringLiteral("10.77.200.200")};
    return all;
}

/// A cluster that tells who it belongs to wherever it can.
Topology tellTale()
{
    Cluster cluster;
    Node primary = node(QStringLiteral("pg-ams-1"), 5432, Role::Primary);
    primary.host = QStringLiteral("pg-ams-1.acme.example");
    primary.id = primary.host + QStringLiteral(":5432");
    Node standby = node(QStringLiteral("PG-LON-1"), 5433, Role::Standby);
    standby.host = QStringLiteral("10.77.0.1");
    standby.id = standby.host + QStringLiteral(":5433");
    Node down = node(QStringLiteral("böse <acme> & söhne"), 5434, Role::Standby, NodeState::Down);
    down.host = QStringLiteral("backup01");
    down.id = QStringLiteral("backup01:5434");
    down.factsAtUs = 0;
    down.reason = QStringLiteral("Nothing listens on backup01:5434 (10.77.200.200).");
    Node ghost = node(QStringLiteral("dr-site"), 0, Role::Standby, NodeState::Ghost);
    ghost.host = QStringLiteral("172.31.9.9");
    ghost.id = QStringLiteral("ghost:%1:dr-site").arg(primary.id);
    ghost.reason = QStringLiteral("Seen by pg-ams-1 as dr-site from 172.31.9.9, no address to reach it.");
    cluster.systemIdentifier = primary.systemIdentifier;
    cluster.nodes = {primary, standby, down, ghost};
    cluster.links = {link(primary, standby, QStringLiteral("pg_lon_1"), 4096),
                     link(primary, down, QStringLiteral("orders-wal"), 0),
                     link(primary, ghost, QStringLiteral("dr-site"), 0)};
    cluster.links[0].applicationName = QStringLiteral("acme-lon");
    cluster.links[1].state = LinkState::Broken;
    cluster.links[1].lag = LagState::Disconnected;
    cluster.slots_ = {slot(primary, QStringLiteral("pg_ams_1_slot"), false)};
    Finding one = finding(QStringLiteral("standby_disconnected"), Severity::Critical,
                          QStringLiteral("böse <acme> & söhne is disconnected"), down.id);
    one.evidence = QStringLiteral("No walsender for it on pg-ams-1; slot orders-wal is inactive.");
    one.meaning = QStringLiteral("It falls behind, and the WAL that its slot keeps grows on PG-AMS-1.");
    one.action = QStringLiteral("Read the log of backup01: host \"10.77.200.200\" refused acme-lon.");
    Finding two = finding(QStringLiteral("slot_inactive"), Severity::Warning,
                          QStringLiteral("Nobody reads slot pg_ams_1_slot"), primary.id);
    two.evidence = QStringLiteral("Inactive, keeps 42 MB of WAL.");
    cluster.findings = {two, one,
                        finding(QStringLiteral("slot_unlimited"), Severity::Notice,
                                QStringLiteral("Slots may keep WAL without limit"), primary.id)};
    return {start, {cluster}};
}

PictureOptions everything()
{
    PictureOptions options;
    options.size = {1600, 900};
    options.title = QStringLiteral("acme orders at pg-ams-1.acme.example, 10.77.0.1");
    options.findings = true;
    options.past = true;
    return options;
}

QByteArray bytesOf(const Topology &topology, const PictureOptions &options, const char *ending)
{
    return pictureBytes(topology, {}, options, QString::fromLatin1(ending)).value_or(QByteArray());
}

/// All that stands in a drawing, also what is not seen.
QString textsOf(const QByteArray &svg)
{
    QXmlStreamReader reader(svg);
    QString all;
    while (!reader.atEnd()) {
        const bool style =
            reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("style");
        if (style)
            reader.skipCurrentElement();
        if (reader.tokenType() == QXmlStreamReader::Characters && !reader.text().trimmed().isEmpty())
            all += reader.text().trimmed().toString() + u'\n';
    }
    return reader.hasError() ? QStringLiteral("BROKEN: ") + reader.errorString() : all;
}

QString output(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(120000))
        return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

/// What can be read in a page and in its description; null where the programs are missing.
QString textsOfPdf(const QByteArray &pdf)
{
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
        return {};
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("page.pdf"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(pdf) != pdf.size())
        return {};
    file.close();
    return output(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), path, QStringLiteral("-")}) +
           output(QStringLiteral("pdfinfo"), {path});
}

QList<Finding> manyFindings(int count)
{
    QList<Finding> all;
    for (int i = 0; i < count; ++i) {
        const Severity severity = i % 7 == 0   ? Severity::Critical
                                  : i % 3 == 0 ? Severity::Warning
                                               : Severity::Notice;
        all << finding(QStringLiteral("f%1").arg(i), severity, QStringLiteral("Finding number %1").arg(i));
    }
    return all;
}

} // namespace

class TestPicture : public QObject
{
    Q_OBJECT
    bool m_labelsHangOut = false;

private Q_SLOTS:
    void initTestCase() { QVERIFY(!QFontInfo(applicationFont()).family().isEmpty()); }
    void redactedDrawingsTellNothing();
    void redactedPagesTellNothing();
    void sameInputSameBytes();
    void textKeepsItsLengthInADrawing();
    void findingsAreToldInWords();
    void whatHasNoRoomIsCounted();
    void nothingIsDrawnBesidesThePage_data();
    void nothingIsDrawnBesidesThePage();
    void cardsStandWhereTheyWerePut();
    void whatHangsOutOfTheCardsIsInside_data();
    void whatHangsOutOfTheCardsIsInside();
    void foldedStaysFolded();
    void thePastSaysSo();
    void partsCanBeLeftOut();
    void stablePicturesOfMovingFindings();
    void tooLargeIsRefused();
};

void TestPicture::redactedDrawingsTellNothing()
{
    PictureOptions options = everything();
    const QString open = textsOf(bytesOf(tellTale(), options, "svg"));
    for (const QString &secret : secrets()) // what is looked for can be found
        QVERIFY2(open.contains(secret, Qt::CaseInsensitive), qPrintable(secret + u'\n' + open));
    options.redact = true;
    const QByteArray svg = bytesOf(tellTale(), options, "svg");
    const QString hidden = textsOf(svg), raw = QString::fromUtf8(svg);
    for (const QString &secret : secrets()) {
        QVERIFY2(!hidden.contains(secret, Qt::CaseInsensitive), qPrintable(secret + u'\n' + hidden));
        QVERIFY2(!raw.contains(secret, Qt::CaseInsensitive), qPrintable(secret));
    }
    for (const char *left : {"host-1", "node-1", "slot-1", "Primary", "13:35", "is disconnected"})
        QVERIFY2(hidden.contains(QLatin1String(left)), qPrintable(QLatin1String(left) + u'\n' + hidden));
}

void TestPicture::redactedPagesTellNothing()
{
    PictureOptions options = everything();
    const QString open = textsOfPdf(bytesOf(tellTale(), options, "pdf"));
    if (open.isNull())
        QSKIP("pdftotext is not here (package poppler-utils): pages are not read back.");
    // Lines are cut where a column ends, and of Inter's signs between figures and capitals a page does not
    // know what they are.
    const auto bare = [](QString text) {
        text.removeIf([](QChar c) { return !c.isLetterOrNumber(); });
        return text;
    };
    for (const QString &secret : secrets())
        QVERIFY2(bare(open).contains(bare(secret), Qt::CaseInsensitive), qPrintable(secret + u'\n' + open));
    options.redact = true;
    const QString hidden = bare(textsOfPdf(bytesOf(tellTale(), options, "pdf")));
    QVERIFY2(hidden.contains(QStringLiteral("host1")), qPrintable(hidden));
    for (const QString &secret : secrets())
        QVERIFY2(!hidden.contains(bare(secret), Qt::CaseInsensitive), qPrintable(secret + u'\n' + hidden));
}

void TestPicture::sameInputSameBytes()
{
    for (const bool redact : {false, true}) {
        PictureOptions options = everything();
        options.redact = redact;
        for (const char *ending : {"png", "svg"}) {
            const QByteArray first = bytesOf(tellTale(), options, ending);
            QVERIFY(first.size() > 1000);
            QByteArray other;
            QThread *thread = QThread::create([&] { other = bytesOf(tellTale(), options, ending); });
            thread->start();
            QVERIFY(thread->wait(120000));
            delete thread;
            QVERIFY2(first == other, ending);
            QVERIFY2(first == bytesOf(tellTale(), options, ending), ending);
        }
        const QByteArray svg = bytesOf(tellTale(), options, "svg");
        QVERIFY(QSvgRenderer(svg).isValid());
        QVERIFY(svg.contains("font-family=\"" + applicationFont().family().toUtf8()));
    }
}

void TestPicture::textKeepsItsLengthInADrawing()
{
    QXmlStreamReader reader(bytesOf(tellTale(), everything(), "svg"));
    int texts = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement || reader.name() != QLatin1String("text"))
            continue;
        const QXmlStreamAttributes of = reader.attributes();
        const double length = of.value(QStringLiteral("textLength")).toDouble();
        QFont font(of.value(QStringLiteral("font-family")).toString());
        font.setPixelSize(of.value(QStringLiteral("font-size")).toInt());
        font.setWeight(QFont::Weight(of.value(QStringLiteral("font-weight")).toInt()));
        const QString text = reader.readElementText();
        QVERIFY2(qAbs(length - QFontMetricsF(font).horizontalAdvance(text)) < 0.01, qPrintable(text));
        ++texts;
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(texts > 30);
}

void TestPicture::findingsAreToldInWords()
{
    const QString open = textsOf(bytesOf(tellTale(), everything(), "svg"));
    for (const char *word : {"Critical", "Warning", "Notice", "Findings", "1 critical, 1 warning",
                             "Inactive, keeps 42 MB of WAL.", "Slots may keep WAL without limit"})
        QVERIFY2(open.contains(QLatin1String(word)), qPrintable(QLatin1String(word) + u'\n' + open));
    // Worst first, whatever the order they came in.
    QVERIFY(open.indexOf(QStringLiteral("Critical")) < open.indexOf(QStringLiteral("Warning")));
    Topology fine = tellTale();
    fine.clusters[0].findings.clear();
    QVERIFY(textsOf(bytesOf(fine, everything(), "svg")).contains(QStringLiteral("None")));
    PictureOptions without = everything();
    without.findings = false;
    QVERIFY(!textsOf(bytesOf(tellTale(), without, "svg")).contains(QStringLiteral("Findings")));
}

void TestPicture::whatHasNoRoomIsCounted()
{
    Topology topology = healthy(start);
    topology.clusters[0].findings = manyFindings(60);
    PictureOptions options;
    options.findings = true;
    const DrawnPicture picture(topology, {}, options);
    QVERIFY(picture.findingsLeftOut() > 0);
    const QString texts = textsOf(bytesOf(topology, options, "svg"));
    QVERIFY2(texts.contains(QStringLiteral("and %1 more").arg(picture.findingsLeftOut())), qPrintable(texts));
    // What is critical is never what is left out while notices are told.
    for (int i = 0; i < 60; i += 7)
        QVERIFY2(texts.contains(QStringLiteral("Finding number %1\n").arg(i)), qPrintable(texts));
    options.size = {1600, 2400};
    QCOMPARE(DrawnPicture(topology, {}, options).findingsLeftOut(), 0);
    QVERIFY(!textsOf(bytesOf(topology, options, "svg")).contains(QStringLiteral(" more")));
}

void TestPicture::nothingIsDrawnBesidesThePage_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<Topology>("topology");
    Topology many = tellTale();
    many.clusters[0].findings = manyFindings(40);
    Topology wild = tellTale();
    for (Finding &finding : wild.clusters[0].findings) {
        finding.title = QString(3000, u'W');
        finding.evidence = QStringLiteral("1").repeated(3000);
        finding.meaning = QStringLiteral("\u202e\nwords ").repeated(500);
    }
    Topology chain = tellTale();
    for (int i = 0; i < 30; ++i) {
        const Node next = node(QStringLiteral("chain%1").arg(i), 6000 + i, Role::Standby);
        chain.clusters[0].links << link(chain.clusters[0].nodes.constLast(), next, QString(60, u'm'), 1);
        chain.clusters[0].nodes << next;
    }
    for (const QSize &size : {QSize(200, 200), QSize(320, 900), QSize(600, 400), QSize(1200, 700),
                              QSize(1600, 900), QSize(2400, 300)}) {
        const QByteArray name = QByteArray::number(size.width()) + 'x' + QByteArray::number(size.height());
        QTest::newRow((name + " few").constData()) << size << tellTale();
        QTest::newRow((name + " many").constData()) << size << many;
        QTest::newRow((name + " wild").constData()) << size << wild;
        QTest::newRow((name + " chain").constData()) << size << chain;
        QTest::newRow((name + " nothing").constData()) << size << Topology();
    }
}

void TestPicture::nothingIsDrawnBesidesThePage()
{
    QFETCH(QSize, size);
    QFETCH(Topology, topology);
    PictureOptions options = everything();
    options.size = size;
    options.title = QString(500, u'T');
    // For people: UNDERSTUDY_SHOTS=folder keeps what it looks like.
    if (const QString shots = qEnvironmentVariable("UNDERSTUDY_SHOTS"); !shots.isEmpty())
        graphImage(topology, {}, options)
            .save(shots + u'/' + QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-') +
                  QStringLiteral(".png"));
    for (const bool folded : {false, true}) {
        if (folded && !topology.clusters.isEmpty())
            options.arrangement.collapsed = {topology.clusters[0].nodes[0].id};
        constexpr int around = 300;
        QImage image(size + QSize(2 * around, 2 * around), QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::magenta);
        QPainter painter(&image);
        painter.translate(around, around);
        DrawnPicture(topology, {}, options).paint(painter);
        painter.end();
        const QRgb untouched = QColor(Qt::magenta).rgba();
        const QRect page(QPoint(around, around), size);
        int besides = 0;
        for (int y = 0; y < image.height(); ++y) {
            const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
            for (int x = 0; x < image.width(); ++x)
                besides += line[x] != untouched && !page.contains(x, y);
        }
        QCOMPARE(besides, 0);
        QCOMPARE(image.pixel(around, around), Theme::light().canvas.rgba());
        // Nor up to its very edge: a word that is cut would reach it.
        for (int y = 0; y < size.height(); ++y) {
            QCOMPARE(image.pixel(around + 2, around + y), Theme::light().canvas.rgba());
            QCOMPARE(image.pixel(around + size.width() - 3, around + y), Theme::light().canvas.rgba());
        }
    }
}

void TestPicture::cardsStandWhereTheyWerePut()
{
    const Topology topology = tellTale();
    const NodeId standby = topology.clusters[0].nodes[1].id;
    PictureOptions options;
    options.arrangement.direction = Direction::LeftToRight;
    options.arrangement.places = {{standby, QPointF(1200, -400)}};
    const DrawnPicture placed(topology, {}, options);
    QCOMPARE(placed.layout().direction, Direction::LeftToRight);
    QCOMPARE(placed.layout().cards.value(standby).topLeft(), QPointF(1200, -400));
    // On the picture as well, and under its name, whatever that is.
    options.redact = true;
    const DrawnPicture hidden(topology, {}, options);
    QCOMPARE(hidden.layout().cards, placed.layout().cards);
    for (const QRectF &card : placed.layout().cards) {
        const QRectF drawn = placed.graphTransform().mapRect(card);
        QVERIFY(placed.graphArea().contains(drawn));
        QVERIFY(drawn.width() > 20);
    }
    QImage image(placed.size(), QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&image);
    placed.paint(painter);
    painter.end();
    const QPointF middle = placed.graphTransform().mapRect(placed.layout().cards.value(standby)).center();
    QVERIFY(image.pixelColor(middle.toPoint()) != Theme::light().canvas);
    options.arrangement.places.clear();
    QVERIFY(DrawnPicture(topology, {}, options).layout().cards.value(standby).topLeft() !=
            QPointF(1200, -400));
}

void TestPicture::whatHangsOutOfTheCardsIsInside_data()
{
    QTest::addColumn<Direction>("direction");
    QTest::addColumn<QSize>("size");
    for (const Direction direction : {Direction::TopToBottom, Direction::LeftToRight}) {
        for (const QSize &size : {QSize(220, 900), QSize(500, 500), QSize(900, 600), QSize(1200, 700)})
            QTest::addRow("%d-%d", int(direction), size.width()) << direction << size;
    }
}

void TestPicture::whatHangsOutOfTheCardsIsInside()
{
    QFETCH(Direction, direction);
    QFETCH(QSize, size);
    // A card below another one by hand, with a long way between; what is below it is folded, at the rim.
    Topology topology = healthy(start);
    Cluster &cluster = topology.clusters[0];
    const Node below = node(QStringLiteral("below"), 5440, Role::Standby);
    cluster.nodes << below;
    cluster.links << link(cluster.nodes[1], below, QStringLiteral("s"), 0);
    cluster.links[0].slot = QString(40, u'm');
    const NodeId primary = cluster.nodes[0].id, standby = cluster.nodes[1].id;
    PictureOptions options;
    options.size = size;
    options.arrangement.direction = direction;
    options.arrangement.places = {{primary, {0, 0}}, {standby, {0, 700}}};
    options.arrangement.collapsed = {standby};
    const DrawnPicture picture(topology, {}, options);
    GraphStyle style;
    style.theme = &picture.theme();
    style.font = picture.font();
    style.zoom = picture.graphTransform().m11();
    const QHash<NodeId, QRectF> chips = foldedChips(topology, picture.layout(), style);
    const QHash<NodeId, QRectF> labels = linkLabelRects(topology, picture.layout(), {}, style);
    QCOMPARE(chips.size(), 1);
    QVERIFY(!picture.layout().bounds.contains(chips.constBegin().value())); // it does hang out
    const QRectF area = picture.graphArea().adjusted(7, 7, -7, -7); // the room around, but for rounding
    for (const QHash<NodeId, QRectF> &rects : {chips, labels}) {
        for (const QRectF &rect : rects)
            QVERIFY(area.contains(picture.graphTransform().mapRect(rect)));
    }
    for (const QList<QPointF> &way : picture.layout().ways) {
        for (const QPointF &corner : way)
            QVERIFY(picture.graphArea().contains(picture.graphTransform().map(corner)));
    }
    if (!labels.isEmpty() && !picture.layout().bounds.contains(labels.constBegin().value()))
        m_labelsHangOut = true;
    if (qstrcmp(QTest::currentDataTag(), "1-1200") == 0)
        QVERIFY(m_labelsHangOut);
}

void TestPicture::foldedStaysFolded()
{
    const Topology topology = tellTale();
    PictureOptions options;
    options.size = {1600, 900};
    QVERIFY(textsOf(bytesOf(topology, options, "svg")).contains(QStringLiteral("PG-LON-1")));
    options.arrangement.collapsed = {topology.clusters[0].nodes[0].id};
    const QString folded = textsOf(bytesOf(topology, options, "svg"));
    QVERIFY2(!folded.contains(QStringLiteral("PG-LON-1")), qPrintable(folded));
    QVERIFY2(folded.contains(QStringLiteral("2 standbys, worst: down")), qPrintable(folded));
}

void TestPicture::thePastSaysSo()
{
    PictureOptions options;
    options.time = false;
    const QString words = QStringLiteral("As it was at 13:35:00 UTC on 17 November 2025");
    QVERIFY(!textsOf(bytesOf(tellTale(), options, "svg")).contains(words));
    options.past = true;
    QVERIFY(textsOf(bytesOf(tellTale(), options, "svg")).contains(words));
    options.stable = true; // That moment does not move.
    QVERIFY(textsOf(bytesOf(tellTale(), options, "svg")).contains(words));
}

void TestPicture::partsCanBeLeftOut()
{
    PictureOptions options = everything();
    options.past = false;
    const auto has = [&](const char *words) {
        return textsOf(bytesOf(tellTale(), options, "svg")).contains(QLatin1String(words));
    };
    QVERIFY(has("synchronous") && has("13:35 UTC") && has("acme orders"));
    options.legend = false;
    QVERIFY(!has("synchronous") && has("13:35 UTC"));
    options.time = false;
    QVERIFY(!has("13:35 UTC") && has("acme orders"));
    options.title.clear();
    QVERIFY(!has("acme orders"));
}

void TestPicture::stablePicturesOfMovingFindings()
{
    PictureOptions options;
    options.stable = options.findings = true;
    Topology before = broken(start), after = broken(start + 90 * second);
    const auto moving = [](Topology &topology, const QString &keeps, const QString &ends) {
        Finding slot = finding(QStringLiteral("slot_runway"), Severity::Warning,
                               QStringLiteral("Slot a runs out in about ") + ends);
        slot.evidence = QStringLiteral("It keeps %1 and grows at the measured %1/s.").arg(keeps);
        slot.meaning = QStringLiteral("It is lost. At 1.5 MB/s the disk is full in about %1.").arg(ends);
        topology.clusters[0].findings << slot;
    };
    moving(before, QStringLiteral("41 MB"), QStringLiteral("2 h 14 min"));
    moving(after, QStringLiteral("1.3 GB"), QStringLiteral("8.4 s"));
    const QString texts = textsOf(bytesOf(after, options, "svg"));
    QCOMPARE(texts, textsOf(bytesOf(before, options, "svg")));
    QVERIFY(bytesOf(before, options, "svg") == bytesOf(after, options, "svg"));
    QVERIFY2(texts.contains(QStringLiteral("Slot a runs out\n")), qPrintable(texts));
    QVERIFY2(!texts.contains(QStringLiteral("8.4")) && !texts.contains(QStringLiteral("1.5")),
             qPrintable(texts));
}

void TestPicture::tooLargeIsRefused()
{
    PictureOptions options;
    options.size = {8000, 8000};
    options.scale = 4;
    QVERIFY(graphImage(healthy(start), {}, options).isNull());
    const auto refused = pictureBytes(healthy(start), {}, options, QStringLiteral("png"));
    QVERIFY(!refused);
    QVERIFY2(refused.error().text().contains(QStringLiteral("too large")),
             qPrintable(refused.error().text()));
    QVERIFY(pictureBytes(healthy(start), {}, options, QStringLiteral("svg")));
}

QTEST_MAIN(TestPicture)
#include "tst_picture.moc"
