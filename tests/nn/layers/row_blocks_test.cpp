#include "nn/layers/row_blocks.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace rnnlab;

namespace {

/// Entries that tell where they came from.
template <class S>
std::vector<S> numbered(int rows, int columns) {
  std::vector<S> matrix(static_cast<std::size_t>(rows * columns));
  std::iota(matrix.begin(), matrix.end(), S{1});
  return matrix;
}

}  // namespace

TEMPLATE_TEST_CASE("RowBlocks: every entry lies where the product looks for it", "[nn][layers]",
                   float, double) {
  using S = TestType;
  const std::vector<int> place =
      GENERATE(std::vector<int>{0}, std::vector<int>{1, 2, 0}, std::vector<int>{0, 1, 2, 3});
  const int G = static_cast<int>(place.size());
  for (const int H : {1, 16, 37, 64, 100}) {
    for (const int N : {1, 7, 64, 70}) {
      CAPTURE(G, H, N);
      const RowBlocks<S> rows(H, place);
      const auto matrix = numbered<S>(G * H, N);
      std::vector<S> packed(rows.packed_size(N), S{-1}), transposed(rows.transposed_size(N), S{-1});
      rows.pack(matrix.data(), N, packed.data());
      rows.pack_transposed(matrix.data(), N, transposed.data());

      std::size_t wrong = 0, padding = packed.size() + transposed.size();
      for (int g = 0; g < G; ++g) {
        for (int u = 0; u < H; ++u) {
          const int k = u / rows.units(), width = rows.width(k);
          const int row = place[static_cast<std::size_t>(g)] * width + u - rows.begin(k);
          for (int n = 0; n < N; ++n) {
            const S entry = matrix[static_cast<std::size_t>((g * H + u) * N + n)];
            const int at = N * G * rows.begin(k) + n * G * width + row;
            wrong += packed[static_cast<std::size_t>(at)] != entry;
            const int p = n / RowBlocks<S>::panel;
            const int at_t = rows.rows() * RowBlocks<S>::panel * p +
                             (G * rows.begin(k) + row) * RowBlocks<S>::panel_width(N, p) + n -
                             RowBlocks<S>::panel * p;
            wrong += transposed[static_cast<std::size_t>(at_t)] != entry;
            padding -= 2;
          }
        }
      }
      CHECK(wrong == 0);
      CHECK(static_cast<std::size_t>(std::count(packed.begin(), packed.end(), S{0}) +
                                     std::count(transposed.begin(), transposed.end(), S{0})) ==
            padding);

      std::vector<S> back(matrix.size(), S{5});
      rows.unpack(packed.data(), N, S{2}, back.data());
      for (std::size_t i = 0; i < back.size(); ++i) wrong += back[i] != 5 + 2 * matrix[i];
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("RowBlocks: blocks and panels cover the units, the last one narrower", "[nn][layers]") {
  for (const int G : {1, 3, 4}) {
    for (const int H : {1, 15, 16, 17, 64, 65, 100, 128}) {
      CAPTURE(G, H);
      const RowBlocks<float> rows(H, G);
      int covered = 0;
      for (int k = 0; k < rows.count(); ++k) {
        CHECK(rows.begin(k) == covered);
        CHECK(rows.width(k) % RowBlocks<float>::L == 0);
        CHECK(rows.width(k) > 0);
        if (k + 1 < rows.count()) CHECK(rows.width(k) == rows.width(0));
        covered += rows.width(k);
      }
      CHECK(covered == rows.padded());
      CHECK(rows.padded() == round_up(H, 16));
      int columns = 0;
      for (int p = 0; p < RowBlocks<float>::panels(H); ++p) {
        columns += RowBlocks<float>::panel_width(H, p);
      }
      CHECK(columns == rows.padded());
    }
  }
}
