// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/TidyTree.h"

namespace understudy {

namespace {

/// C. Buchheim, M. Juenger, S. Leipert: Improving Walker's Algorithm to Run in Linear Time. Without
/// recursion, because the depth of a cascade comes from outside.
class Walker
{
public:
    explicit Walker(const TidyTree &tree) : m_children(tree.children)
    {
        // One invisible node above all roots makes a forest a tree.
        m_root = int(m_children.size());
        m_children.append(tree.roots);
        const int n = int(m_children.size());
        m_parent.fill(-1, n);
        m_number.fill(0, n);
        m_thread.fill(-1, n);
        m_prelim.fill(0, n);
        m_mod.fill(0, n);
        m_shift.fill(0, n);
        m_change.fill(0, n);
        m_depth.fill(-1, n);
        m_ancestor.resize(n);
        for (int v = 0; v < n; ++v) {
            m_ancestor[v] = v;
            for (int i = 0; i < m_children.at(v).size(); ++i) {
                m_parent[m_children.at(v).at(i)] = v;
                m_number[m_children.at(v).at(i)] = i;
            }
        }
    }

    TidyPlaces walk()
    {
        const QList<int> downwards = preorder();
        firstWalk(downwards);
        QList<double> sum(m_children.size(), 0.0);
        TidyPlaces places;
        places.along.fill(0, m_root);
        places.depth.fill(0, m_root);
        for (const int v : downwards) {
            const int parent = m_parent.at(v);
            const double above = parent < 0 ? 0 : sum.at(parent);
            m_depth[v] = parent < 0 ? -1 : m_depth.at(parent) + 1;
            sum[v] = above + m_mod.at(v);
            if (v == m_root)
                continue;
            places.along[v] = m_prelim.at(v) + above;
            places.depth[v] = m_depth.at(v);
        }
        return places;
    }

private:
    QList<int> preorder() const
    {
        QList<int> order, stack{m_root};
        order.reserve(m_children.size());
        while (!stack.isEmpty()) {
            const int v = stack.takeLast();
            order << v;
            const QList<int> &children = m_children.at(v);
            for (auto it = children.crbegin(); it != children.crend(); ++it)
                stack << *it;
        }
        return order;
    }

    /// Children before parents, left siblings before right ones.
    QList<int> postorder(const QList<int> &downwards) const
    {
        QList<int> order, open;
        order.reserve(downwards.size());
        for (const int v : downwards) {
            while (!open.isEmpty() && open.constLast() != m_parent.at(v))
                order << open.takeLast();
            open << v;
        }
        while (!open.isEmpty())
            order << open.takeLast();
        return order;
    }

    void firstWalk(const QList<int> &downwards)
    {
        QList<int> defaultAncestor(m_children.size(), -1);
        for (const int v : postorder(downwards)) {
            const QList<int> &children = m_children.at(v);
            double middle = 0;
            if (!children.isEmpty()) {
                executeShifts(v);
                middle = (m_prelim.at(children.first()) + m_prelim.at(children.last())) / 2;
            }
            const int left = leftSibling(v);
            if (left >= 0) {
                m_prelim[v] = m_prelim.at(left) + 1;
                m_mod[v] = children.isEmpty() ? 0 : m_prelim.at(v) - middle;
            } else {
                m_prelim[v] = middle;
            }
            const int parent = m_parent.at(v);
            if (parent < 0)
                continue;
            int &ancestor = defaultAncestor[parent];
            if (ancestor < 0)
                ancestor = m_children.at(parent).first();
            apportion(v, ancestor);
        }
    }

    int leftSibling(int v) const
    {
        const int i = m_number.at(v);
        return m_parent.at(v) < 0 || i == 0 ? -1 : m_children.at(m_parent.at(v)).at(i - 1);
    }
    int nextLeft(int v) const
    {
        return m_children.at(v).isEmpty() ? m_thread.at(v) : m_children.at(v).first();
    }
    int nextRight(int v) const
    {
        return m_children.at(v).isEmpty() ? m_thread.at(v) : m_children.at(v).last();
    }

    void apportion(int v, int &defaultAncestor)
    {
        const int w = leftSibling(v);
        if (w < 0)
            return;
        int insideRight = v, outsideRight = v, insideLeft = w;
        int outsideLeft = m_children.at(m_parent.at(v)).first();
        double sumInsideRight = m_mod.at(insideRight), sumOutsideRight = m_mod.at(outsideRight);
        double sumInsideLeft = m_mod.at(insideLeft), sumOutsideLeft = m_mod.at(outsideLeft);
        while (nextRight(insideLeft) >= 0 && nextLeft(insideRight) >= 0) {
            insideLeft = nextRight(insideLeft);
            insideRight = nextLeft(insideRight);
            outsideLeft = nextLeft(outsideLeft);
            outsideRight = nextRight(outsideRight);
            m_ancestor[outsideRight] = v;
            const double shift =
                (m_prelim.at(insideLeft) + sumInsideLeft) - (m_prelim.at(insideRight) + sumInsideRight) + 1;
            if (shift > 0) {
                const int up = m_ancestor.at(insideLeft);
                const int mover = up >= 0 && m_parent.at(up) == m_parent.at(v) ? up : defaultAncestor;
                moveSubtree(mover, v, shift);
                sumInsideRight += shift;
                sumOutsideRight += shift;
            }
            sumInsideLeft += m_mod.at(insideLeft);
            sumInsideRight += m_mod.at(insideRight);
            sumOutsideLeft += m_mod.at(outsideLeft);
            sumOutsideRight += m_mod.at(outsideRight);
        }
        if (nextRight(insideLeft) >= 0 && nextRight(outsideRight) < 0) {
            m_thread[outsideRight] = nextRight(insideLeft);
            m_mod[outsideRight] += sumInsideLeft - sumOutsideRight;
        }
        if (nextLeft(insideRight) >= 0 && nextLeft(outsideLeft) < 0) {
            m_thread[outsideLeft] = nextLeft(insideRight);
            m_mod[outsideLeft] += sumInsideRight - sumOutsideLeft;
            defaultAncestor = v;
        }
    }

    void moveSubtree(int from, int to, double shift)
    {
        const double steps = m_number.at(to) - m_number.at(from);
        if (steps <= 0)
            return;
        m_change[to] -= shift / steps;
        m_shift[to] += shift;
        m_change[from] += shift / steps;
        m_prelim[to] += shift;
        m_mod[to] += shift;
    }

    void executeShifts(int v)
    {
        double shift = 0, change = 0;
        const QList<int> &children = m_children.at(v);
        for (auto it = children.crbegin(); it != children.crend(); ++it) {
            m_prelim[*it] += shift;
            m_mod[*it] += shift;
            change += m_change.at(*it);
            shift += m_shift.at(*it) + change;
        }
    }

    QList<QList<int>> m_children;
    int m_root = 0;
    QList<int> m_parent, m_number, m_thread, m_ancestor, m_depth;
    QList<double> m_prelim, m_mod, m_shift, m_change;
};

} // namespace

TidyPlaces tidyPlaces(const TidyTree &tree)
{
    return Walker(tree).walk();
}

} // namespace understudy
