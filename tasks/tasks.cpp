#include "tasks.hpp"

#include "adding.hpp"
#include "anbn.hpp"
#include "arfima.hpp"
#include "bit_memory.hpp"
#include "caption.hpp"
#include "char_lm.hpp"
#include "copy.hpp"
#include "counting.hpp"
#include "delayed_xor.hpp"
#include "dyck.hpp"
#include "file.hpp"
#include "forecast.hpp"
#include "jsb_chorales.hpp"
#include "latch.hpp"
#include "long_lag.hpp"
#include "marks.hpp"
#include "melodies.hpp"
#include "missing_duplicate.hpp"
#include "mnist.hpp"
#include "modular_arithmetic.hpp"
#include "moving_mnist.hpp"
#include "multiplication.hpp"
#include "names.hpp"
#include "noise.hpp"
#include "parity.hpp"
#include "permutation.hpp"
#include "pulse.hpp"
#include "reading.hpp"
#include "reber.hpp"
#include "recall.hpp"
#include "regular.hpp"
#include "repeat_copy.hpp"
#include "rewriting.hpp"
#include "selective_copy.hpp"
#include "sentiment.hpp"
#include "speech.hpp"
#include "spelling.hpp"
#include "stack_manipulation.hpp"
#include "summarise.hpp"
#include "temporal_order.hpp"
#include "transductions.hpp"
#include "translation.hpp"
#include "two_sided_lookup.hpp"
#include "word_lm.hpp"

namespace rnnlab {

const std::vector<TaskEntry>& task_list() {
  static const std::vector<TaskEntry> list{
      // Long dependencies
      adding_entry(),
      multiplication_entry(),
      copy_entry(),
      temporal_order_entry(),
      latch_entry(),
      long_lag_entry(),
      reber_entry(),
      embedded_reber_entry(),
      bit_memory_entry(),
      permutation_entry(),
      delayed_xor_entry(),
      two_sided_lookup_entry(),
      arfima_entry(),
      parity_entry(),
      counting_entry(),
      pulse_entry(),
      // Algorithms
      repeat_copy_entry(),
      associative_recall_entry(),
      selective_copy_entry(),
      induction_entry(),
      // Formal languages
      even_pairs_entry(),
      cycle_navigation_entry(),
      modular_arithmetic_entry(),
      reverse_string_entry(),
      duplicate_entry(),
      odds_first_entry(),
      stack_manipulation_entry(),
      bucket_sort_entry(),
      missing_duplicate_entry(),
      dyck_entry(),
      anbn_entry(),
      anbncn_entry(),
      // From sequence to sequence
      copy_sequence_entry(),
      reverse_entry(),
      sort_entry(),
      // Images and text
      mnist_rows_entry(),
      mnist_pixels_entry(),
      mnist_words_entry(),
      moving_mnist_entry(),
      marks_entry(),
      caption_entry(),
      char_lm_entry(),
      word_lm_entry(),
      spelling_entry(),
      names_entry(),
      sentiment_entry(),
      translation_entry(),
      reading_entry(),
      summarise_entry(),
      // Series, music and speech
      forecast_entry(),
      jsb_chorales_entry(),
      melodies_entry(),
      speech_entry(),
      // The user's own, and none
      file_entry(),
      noise_entry(),
  };
  return list;
}

}  // namespace rnnlab
