#pragma once

#include "base/arena.hpp"
#include "math/lanes.hpp"
#include "nn/layer.hpp"

namespace rnnlab {

/// How a query q [A] is held against a key k [A].
struct AttendShape {
  int keys = 0;           // A
  int memory = 0;         // M
  bool additive = false;  // else the dot product
  double scale = 1;       // of the dot product
  double window = 0;      // D of local attention; 0: global
  int position = 0;       // P: width of what the local window is placed by
};

/// One step of attention over a source, for b columns, forwards and backwards:
///
///   e_s = scale · q·k_s                         dot; scaled: scale = 1/√A      (Luong et al. 2015)
///   e_s = v·tanh(q + k_s)                       additive                    (Bahdanau et al. 2015)
///   α = softmax(e) over the steps s of the source,   context = Σ_s α_s m_s
///
/// With W q or W m for q or k these are also `general` and `concat`. Local attention (Luong et al.,
/// section 3.2, local-p; their local-m, p = t, is not built) looks at the steps within D of p
/// alone:
///
///   p = T' σ(v_p·u),   α = softmax_s(e_s − (s − p)² / 2(D/2)²) over |s − p| ≤ D
///
/// where T' is the source's length and u a position vector. The paper multiplies by the Gaussian
/// after the softmax; here the weights still sum to one.
template <class S>
class Attend {
 public:
  explicit Attend(const AttendShape& shape);

  /// Entries of v as `pack_score` leaves it: padded, the scale of dot products inside.
  int score_size() const { return Ap_; }
  int position_size() const { return Pp_; }
  /// `v` [A] of θ; not read for dot products.
  void pack_score(const S* v, S* to) const;
  void pack_position(const S* v, S* to) const;

  /// What a step reads of a decoder.
  struct Step {
    const S* query;  // [b, ld_query]
    int ld_query;
    const S* score;               // packed v
    const S* position = nullptr;  // u [b, ld_position], local
    int ld_position = 0;
    const S* position_score = nullptr;  // packed v_p
  };
  /// What is made of it, and, in backward, its gradient. Of a step's own memory.
  struct Result {
    S* weights;  // [b, source.ld]
    S* context;  // [b, ld_context]
    int ld_context;
  };
  /// Adjoints are added to; any but d_query may be null.
  struct Gradient {
    const S* d_context;  // [b, ld_context]
    S* d_query;          // [b, ld_query]
    S* d_score;          // [Ap], not of dot products
    S* d_position;       // [b, ld_position]
    S* d_position_score;
  };

  void forward(const Step&, const AttendedSource<S>&, int b, const Result&) const;
  /// Adds to source.d_memory and d_keys where those are given. `scratch`: scratch_size(T') entries.
  void backward(const Step&, const AttendedSource<S>&, int b, const Result&, const Gradient&,
                S* scratch) const;
  static std::size_t scratch_size(int steps) { return static_cast<std::size_t>(steps + lanes<S>); }

 private:
  struct Window {
    int begin, end;  // steps of the source
    S p, slope;      // its middle, and dp/dz for p = T' σ(z)
  };
  Window window(const Step&, const AttendedSource<S>&, int column) const;

  const AttendShape shape_;
  const int Ap_, Mp_, Pp_;
};

}  // namespace rnnlab
