#include "nn/layers/attend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/lanes.hpp"

namespace rnnlab {
namespace {

template <class S>
constexpr int L = lanes<S>;

/// out[s] = score(s) for s in [begin, end), a lane group of steps at a time: `partial(s)` returns
/// the lanes whose sum it is.
template <class S, class Partial>
void sums_over_lanes(int begin, int end, S* out, Partial&& partial) {
  using R = Register<S>;
  for (int s = begin; s < end; s += L<S>) {
    typename R::Type parts[L<S>];
    for (int i = 0; i < L<S>; ++i) {
      parts[i] = s + i < end ? R::of(partial(s + i)) : typename R::Type{};
    }
    const Lane<S> sums = R::lane(sums_of_lanes<S>(parts));
    std::copy_n(sums.data(), std::min(L<S>, end - s), out + s);
  }
}

}  // namespace

template <class S>
Attend<S>::Attend(const AttendShape& shape)
    : shape_(shape),
      Ap_(round_up(shape.keys, L<S>)),
      Mp_(round_up(shape.memory, L<S>)),
      Pp_(round_up(shape.position, L<S>)) {}

template <class S>
void Attend<S>::pack_score(const S* v, S* to) const {
  std::fill_n(to, Ap_, S{0});
  if (shape_.additive) {
    std::copy_n(v, shape_.keys, to);
  } else {
    std::fill_n(to, shape_.keys, static_cast<S>(shape_.scale));
  }
}

template <class S>
void Attend<S>::pack_position(const S* v, S* to) const {
  std::fill_n(std::copy_n(v, shape_.position, to), Pp_ - shape_.position, S{0});
}

template <class S>
auto Attend<S>::window(const Step& step, const AttendedSource<S>& source, int column) const
    -> Window {
  const int length = source.memory.length ? source.memory.length[column] : source.memory.T;
  if (shape_.window == 0) return {0, length, 0, 0};
  const S* const u = step.position + size(column, step.ld_position);
  S z{0};
  for (int i = 0; i < shape_.position; ++i) z += step.position_score[i] * u[i];
  const S share = 1 / (1 + std::exp(-z)), steps = static_cast<S>(length);
  const S p = steps * share, D = static_cast<S>(shape_.window);
  if (!(p >= 0)) return {0, length, p, p};  // not a number: the weights become none either
  return {std::max(0, static_cast<int>(std::ceil(p - D))),
          std::min(length, static_cast<int>(std::floor(p + D)) + 1), p,
          steps * (share - share * share)};
}

template <class S>
void Attend<S>::forward(const Step& step, const AttendedSource<S>& source, int b,
                        const Result& result) const {
  const S inverse_variance = static_cast<S>(4 / (shape_.window * shape_.window));
  for (int column = 0; column < b; ++column) {
    const S* const q = step.query + size(column, step.ld_query);
    S* const alpha = result.weights + size(column, source.ld);
    S* const context = result.context + size(column, result.ld_context);
    const Window w = window(step, source, column);
    std::fill_n(alpha, source.ld, S{0});
    sums_over_lanes(w.begin, w.end, alpha, [&](int s) {
      const S* const k = source.keys.at(s, column);
      Lane<S> sum = Lane<S>::Zero();
      for (int i = 0; i < Ap_; i += L<S>) {
        const Lane<S> v = load(step.score + i);
        if (shape_.additive) {
          sum += v * hyperbolic_tangent(Lane<S>(load(q + i) + load(k + i)));
        } else {
          sum += v * load(q + i) * load(k + i);
        }
      }
      return sum;
    });
    if (shape_.window > 0) {
      for (int s = w.begin; s < w.end; ++s) {
        const S off = static_cast<S>(s) - w.p;
        alpha[s] -= off * off * inverse_variance / 2;
      }
    }
    const S largest = *std::max_element(alpha + w.begin, alpha + w.end);
    S sum{0};
    for (int s = w.begin; s < w.end; ++s) sum += alpha[s] = std::exp(alpha[s] - largest);
    for (int s = w.begin; s < w.end; ++s) alpha[s] /= sum;
    std::fill_n(context, Mp_, S{0});
    for (int s = w.begin; s < w.end; ++s) {
      const S* const m = source.memory.at(s, column);
      for (int i = 0; i < Mp_; i += L<S>)
        store<S>(context + i, load(context + i) + alpha[s] * load(m + i));
    }
  }
}

template <class S>
void Attend<S>::backward(const Step& step, const AttendedSource<S>& source, int b,
                         const Result& result, const Gradient& g, S* scratch) const {
  const S inverse_variance = static_cast<S>(4 / (shape_.window * shape_.window));
  for (int column = 0; column < b; ++column) {
    const S* const q = step.query + size(column, step.ld_query);
    const S* const alpha = result.weights + size(column, source.ld);
    const S* const d_context = g.d_context + size(column, result.ld_context);
    S* const dq = g.d_query + size(column, step.ld_query);
    const Window w = window(step, source, column);
    S* const de = scratch;
    sums_over_lanes(w.begin, w.end, de, [&](int s) {
      const S* const m = source.memory.at(s, column);
      Lane<S> sum = Lane<S>::Zero();
      for (int i = 0; i < Mp_; i += L<S>) sum += load(d_context + i) * load(m + i);
      return sum;
    });
    if (source.d_memory.p) {
      for (int s = w.begin; s < w.end; ++s) {
        S* const dm = source.d_memory.at(s, column);
        for (int i = 0; i < Mp_; i += L<S>)
          store<S>(dm + i, load(dm + i) + alpha[s] * load(d_context + i));
      }
    }
    S mean{0};
    for (int s = w.begin; s < w.end; ++s) mean += alpha[s] * de[s];
    for (int s = w.begin; s < w.end; ++s) de[s] = alpha[s] * (de[s] - mean);
    for (int s = w.begin; s < w.end; ++s) {
      const S* const k = source.keys.at(s, column);
      S* const dk = source.d_keys.p ? source.d_keys.at(s, column) : nullptr;
      for (int i = 0; i < Ap_; i += L<S>) {
        const Lane<S> v = load(step.score + i);
        Lane<S> d_sum;
        if (shape_.additive) {
          const Lane<S> u = hyperbolic_tangent(Lane<S>(load(q + i) + load(k + i)));
          if (g.d_score) store<S>(g.d_score + i, load(g.d_score + i) + de[s] * u);
          d_sum = de[s] * v * (S{1} - u * u);
          if (dk) store<S>(dk + i, load(dk + i) + d_sum);
        } else {
          d_sum = de[s] * v * load(k + i);
          if (dk) store<S>(dk + i, load(dk + i) + de[s] * v * load(q + i));
        }
        store<S>(dq + i, load(dq + i) + d_sum);
      }
    }
    if (shape_.window == 0) continue;
    S dz{0};
    for (int s = w.begin; s < w.end; ++s) dz += de[s] * (static_cast<S>(s) - w.p);
    dz *= inverse_variance * w.slope;
    const S* const u = step.position + size(column, step.ld_position);
    for (int i = 0; i < shape_.position; ++i) {
      if (g.d_position)
        g.d_position[size(column, step.ld_position) + static_cast<std::size_t>(i)] +=
            dz * step.position_score[i];
      if (g.d_position_score) g.d_position_score[i] += dz * u[i];
    }
  }
}

template class Attend<float>;
template class Attend<double>;

}  // namespace rnnlab
