#pragma once

#include "nn/layers/composite_frame.hpp"
#include "nn/layers/composite_weights.hpp"

namespace rnnlab {

// A step program's attention at step t, and its adjoint.

/// What attention reads of the decoder at step t, …
template <class S>
typename Attend<S>::Step attend_step(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                                     const typename CompositeWeights<S>::Packed& w,
                                     const typename CompositeParts<S>::Attention& attention,
                                     int t) {
  const auto& [attend, program, number] = attention;
  const auto& [query, query_delay] = program.query;
  const auto& [position, delay] = program.position;
  typename Attend<S>::Step step{f.value(query, t - query_delay), parts.at(query).ld,
                                w.score[number]};
  if (position >= 0) {
    step.position = f.value(position, t - delay);
    step.ld_position = parts.at(position).ld;
    step.position_score = w.position[number];
  }
  return step;
}

/// … and what it makes of it.
template <class S>
typename Attend<S>::Result attend_result(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                                         const typename CompositeParts<S>::Attention& attention,
                                         const AttendedSource<S>& source, int t) {
  const int context = attention.program.context;
  return {source.weights + size(t, f.columns(), source.ld), f.value(context, t),
          parts.at(context).ld};
}

template <class S>
void attend(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
            const typename CompositeWeights<S>::Packed& w,
            const typename CompositeParts<S>::Attention& attention, const AttendedSource<S>& source,
            int t) {
  attention.attend.forward(attend_step(parts, f, w, attention, t), source, f.columns(),
                           attend_result(parts, f, attention, source, t));
}

template <class S>
void attend_back(const CompositeParts<S>& parts, const CompositeFrame<S>& f,
                 const typename CompositeWeights<S>::Packed& w,
                 const typename CompositeWeights<S>::Slab& g,
                 const typename CompositeParts<S>::Attention& attention,
                 const AttendedSource<S>& source, int t) {
  const auto& [attend, program, number] = attention;
  const auto adjoint = [&](const StepProgram::Read& from) {
    return from.signal < 0 ? nullptr : f.adjoint(from.signal, t - from.delay);
  };
  attend.backward(attend_step(parts, f, w, attention, t), source, f.columns(),
                  attend_result(parts, f, attention, source, t),
                  {f.adjoint(program.context, t), adjoint(program.query), g.score[number],
                   adjoint(program.position), g.position[number]},
                  source.scratch);
}

}  // namespace rnnlab
