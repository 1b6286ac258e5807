// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/YamlSize.h"

#include <map>
#include <sstream>
#include <vector>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace understudy {

namespace {

constexpr qint64 mostValues = 200'000; // Once every alias is replaced by what it stands for.
constexpr std::size_t mostDepth = 100;

struct TooMuch
{
};

/// Counts what a reader would hold, aliases expanded.
class Counter final : public YAML::EventHandler
{
public:
    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &, YAML::anchor_t anchor) override { leaf(anchor); }
    void OnScalar(const YAML::Mark &, const std::string &, YAML::anchor_t anchor,
                  const std::string &) override
    {
        leaf(anchor);
    }
    void OnAlias(const YAML::Mark &, YAML::anchor_t anchor) override
    {
        // A name that is not closed yet stands inside itself.
        const auto known = m_sizes.find(anchor);
        if (known == m_sizes.end())
            throw TooMuch();
        add(known->second);
    }
    void OnSequenceStart(const YAML::Mark &, const std::string &, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &, const std::string &, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Level
    {
        YAML::anchor_t anchor;
        qint64 before;
    };

    void add(qint64 values)
    {
        m_total += values;
        if (m_total > mostValues)
            throw TooMuch();
    }
    void leaf(YAML::anchor_t anchor)
    {
        add(1);
        if (anchor != YAML::NullAnchor)
            m_sizes[anchor] = 1;
    }
    void open(YAML::anchor_t anchor)
    {
        if (m_levels.size() >= mostDepth)
            throw TooMuch();
        m_levels.push_back({anchor, m_total});
        add(1);
    }
    void close()
    {
        const Level level = m_levels.back();
        m_levels.pop_back();
        if (level.anchor != YAML::NullAnchor)
            m_sizes[level.anchor] = m_total - level.before;
    }

    qint64 m_total = 0;
    std::map<YAML::anchor_t, qint64> m_sizes;
    std::vector<Level> m_levels;
};

} // namespace

Result<void> checkYamlSize(const QByteArray &text, const QString &name)
{
    if (text.size() > largestYaml)
        return fail(QStringLiteral("%1 is larger than %2 MB.").arg(name).arg(largestYaml >> 20));
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        Counter counter;
        while (parser.HandleNextDocument(counter)) {
        }
    } catch (const TooMuch &) {
        return fail(
            QStringLiteral("%1 holds more than can be read: its aliases or its nesting multiply.").arg(name));
    } catch (const std::exception &) {
        // Not for us to judge.
    }
    return {};
}

} // namespace understudy
