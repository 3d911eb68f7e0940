#include "nn/models/bridge.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "nn/layers/activation.hpp"
#include "nn/layers/dense.hpp"
#include "nn/layers/pool.hpp"

namespace rnnlab {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// The padded width of z.
template <class S>
int padded(int width) {
  return round_up(width, lanes<S>);
}

}  // namespace

template <class S>
Bridge<S>::Bridge(Options options, std::shared_ptr<ParamLayout> layout)
    : o_(std::move(options)), layout_(std::move(layout)) {
  if (o_.pool.empty()) return;
  for (std::size_t e = 0; e < o_.memory.size(); ++e) {
    const int width = o_.memory[e];
    Graph<S> graph(width, true, layout_);
    const std::string prefix = e == 0 ? "bridge.pool." : "bridge.second_pool.";
    auto pool = o_.pool == "attention" ? make_attention_pool<S>({.width = width,
                                                                 .bias = o_.bias,
                                                                 .init = o_.init,
                                                                 .init_std = o_.init_std,
                                                                 .prefix = prefix})
                                       : make_pool<S>(o_.pool, width);
    graph.add(std::move(pool), 0, width, "bridge.pool." + std::to_string(e));
    add_part(std::move(graph));
  }
}

template <class S>
int Bridge<S>::add_part(Graph<S> graph) {
  RNNLAB_CHECK_EQ(parts_.size() < at(most_parts), true);
  const std::size_t packed = packed_size_, slab = slab_size_;
  packed_size_ += graph.packed_size();
  slab_size_ += graph.slab_size();
  parts_.push_back({std::move(graph), packed, slab});
  return static_cast<int>(parts_.size()) - 1;
}

template <class S>
int Bridge<S>::width(const std::vector<Source>& sources) const {
  int sum = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const bool onto = o_.sums && i > 0 && sources[i].encoder == sources[i - 1].encoder;
    sum += onto ? 0 : sources[i].width;
  }
  return sum;
}

template <class S>
void Bridge<S>::add(const std::string& name, int begin, int width, std::vector<Source> sources) {
  const int of = this->width(sources);
  int transformation = -1;
  if (o_.transforms) {
    Graph<S> graph(of, true, layout_);
    const auto dense = graph.add(make_dense<S>({.inputs = of,
                                                .outputs = width,
                                                .bias = o_.bias,
                                                .prefix = "bridge." + name + ".",
                                                .init = o_.init,
                                                .init_std = o_.init_std}),
                                 0, width, "bridge." + name);
    graph.add(make_activation<S>("tanh", width), dense, width, "bridge." + name + ".tanh");
    transformation = add_part(std::move(graph));
  } else {
    RNNLAB_CHECK_EQ(of, width);
  }
  RNNLAB_CHECK_EQ(targets_.size() < at(most_parts), true);
  targets_.push_back({begin, width, std::move(sources), transformation});
}

template <class S>
void Bridge<S>::initialize(Key key, S* theta) const {
  for (const Part& part : parts_) part.graph.initialize(key, theta);
}

template <class S>
void Bridge<S>::pack(const S* theta, S* packed) const {
  for (const Part& part : parts_) part.graph.pack(theta, packed + part.packed);
}

template <class S>
void Bridge<S>::unpack(const S* theta, const S* slab, S scale, S* gradient) const {
  for (const Part& part : parts_) part.graph.unpack(theta, slab + part.slab, scale, gradient);
}

// Memory ----------------------------------------------------------------------------------------

template <class S>
auto Bridge<S>::frame(Carver<S>& carver, std::span<const int> steps, int b) const -> Frame {
  Frame f{};
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const bool pools = !o_.pool.empty() && i < o_.memory.size();
    f.part[i] = carver.take(parts_[i].graph.frame_size(pools ? steps[i] : 1, b));
    if (pools) f.d_pooled[i] = carver.take(size(b, padded<S>(o_.memory[i])));
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    f.z[i] = carver.take(size(b, padded<S>(width(targets_[i].sources))));
    f.dy[i] = carver.take(size(b, padded<S>(targets_[i].width)));
  }
  return f;
}

template <class S>
std::size_t Bridge<S>::frame_size(std::span<const int> steps, int b) const {
  return room_for<S>([&](Carver<S>& carver) { frame(carver, steps, b); });
}

template <class S>
auto Bridge<S>::frame(S* memory, std::span<const Encoder> encoders, int b) const -> Frame {
  std::array<int, 2> steps{};
  for (std::size_t e = 0; e < encoders.size(); ++e) steps[e] = encoders[e].memory.T;
  Carver<S> carver(memory);
  return frame(carver, std::span(steps.data(), encoders.size()), b);
}

template <class S>
Seq<const S> Bridge<S>::z(const Frame& f, std::size_t target, int b) const {
  const int F = width(targets_[target].sources);
  return {f.z[target], 1, b, F, padded<S>(F)};
}

template <class S>
template <class F>
void Bridge<S>::for_each_source(const Target& target, F&& f) const {
  int offset = 0;
  const Source* before = nullptr;
  for (const Source& source : target.sources) {
    const bool onto = o_.sums && before && before->encoder == source.encoder;
    if (before && !onto) offset += before->width;
    f(source, offset);
    before = &source;
  }
}

// Forwards and backwards ------------------------------------------------------------------------

template <class S>
void Bridge<S>::forward(const S* packed, std::span<const Encoder> encoders, int b, S* start, int ld,
                        S* memory) const {
  const Frame f = frame(memory, encoders, b);
  std::array<Seq<const S>, 2> pooled{};
  for (std::size_t e = 0; !o_.pool.empty() && e < encoders.size(); ++e) {
    pooled[e] =
        parts_[e].graph.forward(packed + parts_[e].packed, encoders[e].memory, f.part[e], {});
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Target& target = targets_[i];
    const Seq<const S> z = this->z(f, i, b);
    std::fill_n(f.z[i], size(b, z.ld), S{0});
    for_each_source(target, [&](const Source& source, int offset) {
      const Encoder& encoder = encoders[at(source.encoder)];
      const Seq<const S>& pool = pooled[at(source.encoder)];
      for (int column = 0; column < b; ++column) {
        const S* const from =
            (pool.p ? pool.at(0, column) : encoder.state + size(column, encoder.ld)) + source.begin;
        S* const to = f.z[i] + size(column, z.ld) + offset;
        for (int u = 0; u < source.width; ++u) to[u] += from[u];
      }
    });
    Seq<const S> made = z;
    if (target.transformation >= 0) {
      const Part& part = parts_[at(target.transformation)];
      made = part.graph.forward(packed + part.packed, z, f.part[at(target.transformation)], {});
    }
    for (int column = 0; column < b; ++column) {
      std::copy_n(made.at(0, column), target.width, start + size(column, ld) + target.begin);
    }
  }
}

template <class S>
std::optional<NonFinite> Bridge<S>::first_nonfinite(std::span<const Encoder> encoders, int b,
                                                    S* memory) const {
  const Frame f = frame(memory, encoders, b);
  for (std::size_t e = 0; !o_.pool.empty() && e < encoders.size(); ++e) {
    if (auto place = parts_[e].graph.first_nonfinite(encoders[e].memory, f.part[e])) return place;
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (targets_[i].transformation < 0) continue;
    const std::size_t part = at(targets_[i].transformation);
    if (auto place = parts_[part].graph.first_nonfinite(z(f, i, b), f.part[part])) return place;
  }
  return std::nullopt;
}

template <class S>
std::vector<std::string> Bridge<S>::names() const {
  std::vector<std::string> all;
  for (const Part& part : parts_) {
    for (std::string& name : part.graph.names()) all.push_back(std::move(name));
  }
  return all;
}

template <class S>
void Bridge<S>::backward(const S* packed, std::span<const Encoder> encoders, int b,
                         const S* entered, int ld, S* slab, S* memory) const {
  const Frame f = frame(memory, encoders, b);
  const bool pools = !o_.pool.empty();
  const auto d_pooled = [&](int encoder, int column) {
    return f.d_pooled[at(encoder)] + size(column, padded<S>(o_.memory[at(encoder)]));
  };
  for (std::size_t e = 0; pools && e < encoders.size(); ++e) {
    std::fill_n(f.d_pooled[e], size(b, padded<S>(o_.memory[e])), S{0});
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Target& target = targets_[i];
    const Seq<S> dy{f.dy[i], 1, b, target.width, padded<S>(target.width)};
    std::fill_n(dy.p, size(b, dy.ld), S{0});
    for (int column = 0; column < b; ++column) {
      std::copy_n(entered + size(column, ld) + target.begin, target.width, dy.at(0, column));
    }
    Seq<const S> dz = dy;
    if (target.transformation >= 0) {
      const Part& part = parts_[at(target.transformation)];
      dz = part.graph
               .backward(packed + part.packed, z(f, i, b), {.every = dy}, slab + part.slab,
                         f.part[at(target.transformation)], {})
               .every;
    }
    for_each_source(target, [&](const Source& source, int offset) {
      const Encoder& encoder = encoders[at(source.encoder)];
      for (int column = 0; column < b; ++column) {
        S* const to =
            (pools ? d_pooled(source.encoder, column) : encoder.left + size(column, encoder.ld)) +
            source.begin;
        const S* const from = dz.at(0, column) + offset;
        for (int u = 0; u < source.width; ++u) to[u] += from[u];
      }
    });
  }
  for (std::size_t e = 0; pools && e < encoders.size(); ++e) {
    const Part& part = parts_[e];
    const Seq<const S> dy{f.d_pooled[e], 1, b, o_.memory[e], padded<S>(o_.memory[e])};
    const Seq<const S> d = part.graph
                               .backward(packed + part.packed, encoders[e].memory, {.every = dy},
                                         slab + part.slab, f.part[e], {})
                               .every;
    const Seq<S>& to = encoders[e].d_memory;
    for (std::size_t k = 0; k < size(to.T, b, to.ld); ++k) to.p[k] += d.p[k];
  }
}

template class Bridge<float>;
template class Bridge<double>;

}  // namespace rnnlab
