#include "speech_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/label_sequence.hpp"
#include "base/text.hpp"
#include "data/corpus.hpp"
#include "data/log_mel.hpp"
#include "data/utf8.hpp"
#include "data/vocabulary.hpp"
#include "data/wav.hpp"
#include "file_parts.hpp"

namespace rnnlab {
namespace {

constexpr std::array<const char*, 3> lists{"train.tsv", "valid.tsv", "test.tsv"};

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& next) {
  throw Error(Exit::data, what, where, next);
}

/// A line of a list.
struct Listed {
  std::string file, label, where;
};

/// What is wrong with an utterance whose labels no path of its frames stands for; empty: nothing.
std::string without_room(const StoredUtterances& all, std::size_t n) {
  const auto frames = (all.begin[n + 1] - all.begin[n]) / all.width;
  const auto labels = std::span(all.labels)
                          .subspan(all.label_begin[n], all.label_begin[n + 1] - all.label_begin[n]);
  const int fewest = fewest_steps(labels);
  if (static_cast<std::size_t>(fewest) <= frames) return {};
  return std::to_string(frames) + " frames for a transcript that takes " + std::to_string(fewest);
}

class SoundFiles {
 public:
  SoundFiles(const SpeechFileOptions& o, SpeechTarget target)
      : o_(o), target_(target), corpus_(o.path) {
    if (target == SpeechTarget::frames) {
      throw Error(Exit::usage, "recordings have one label each, not one for every frame",
                  "task.target",
                  "give word, characters or ctc, or a .npz file with targets [N, T]");
    }
    read_lists();
    target == SpeechTarget::word ? number_classes() : number_characters();
    for (const Listed& line : listed_) add_sound(line);
    if (target == SpeechTarget::ctc) check_room();
    all_.sha256 = sha256(digests_);
    all_.features = speech_features(*log_mel_, rate_, o.f_min, o.f_max);
  }
  StoredUtterances take() { return std::move(all_); }

 private:
  void read_lists() {
    const auto training = corpus_.find(lists[0]), all = corpus_.find("labels.tsv");
    if (!training && !all) {
      refuse("there is neither labels.tsv nor train.tsv", o_.path,
             "list the recordings: FILE, a tab, and a class or a transcript");
    }
    if (!training) {
      read_list(*all);
      all_.parts = drawn_parts(o_.seed, listed_.size(), o_.shares, corpus_.where(*all));
    } else {
      for (std::size_t part = 0; part < lists.size(); ++part) {
        const auto list = part == 0 ? training : corpus_.find(lists[part]);
        if (!list && part == 1)
          refuse("there is no valid.tsv beside train.tsv", o_.path, "list recordings in it");
        for (std::size_t n = list ? read_list(*list) : listed_.size(); n < listed_.size(); ++n)
          all_.parts[part].push_back(static_cast<std::uint32_t>(n));
      }
    }
    if (all_.parts[2].empty()) all_.parts[2] = all_.parts[1];
  }

  /// The number of its first line among all.
  std::size_t read_list(const std::string& list) {
    const std::string bytes = corpus_.bytes(list), name = corpus_.where(list);
    const std::filesystem::path folder = std::filesystem::path(list).parent_path();
    const std::size_t first = listed_.size();
    digests_ += sha256(bytes) + "\n";
    for (const TextLine& line : text_lines(bytes, name)) {
      if (trim(line.text).empty()) continue;
      const std::string where = line_name(name, line.number);
      const auto columns = 1 + std::count(line.text.begin(), line.text.end(), '\t');
      if (columns != 2) {
        refuse("a line of " + std::to_string(columns) + " columns", where,
               "write FILE, a tab, and its class or transcript");
      }
      const std::size_t tab = line.text.find('\t');
      const std::string_view file = trim(line.text.substr(0, tab));
      const std::string_view label = trim(line.text.substr(tab + 1));
      if (file.empty() || label.empty()) {
        refuse(file.empty() ? "a line without a file" : "a recording without a label", where,
               "write FILE, a tab, and its class or transcript");
      }
      const std::string path = (folder / file).lexically_normal().generic_string();
      if (!std::binary_search(corpus_.files().begin(), corpus_.files().end(), path))
        refuse("there is no file " + std::string(file), where, "check the name, and its folder");
      if (!taken_.insert(path).second)
        refuse("the file " + std::string(file) + " is listed twice", where, "list it once");
      listed_.push_back({path, std::string(label), where});
    }
    if (listed_.size() == first) refuse("the list is empty", name, "list some recordings");
    return first;
  }

  void number_classes() {
    std::map<std::string, std::int32_t> number;
    for (const std::uint32_t n : all_.parts[0]) number[listed_[n].label] = 0;
    if (number.size() < 2)
      refuse("the training part has one class only", o_.path, "give at least two");
    for (auto& [label, n] : number) {
      n = static_cast<std::int32_t>(all_.symbols.size());
      all_.symbols.push_back(label);
    }
    for (const Listed& line : listed_) {
      const auto found = number.find(line.label);
      if (found == number.end())
        refuse("the training part has no class " + line.label, line.where, "check its spelling");
      all_.labels.push_back(found->second);
      all_.label_begin.push_back(all_.labels.size());
    }
  }

  void number_characters() {
    std::vector<std::int32_t> training, text;
    for (const std::uint32_t n : all_.parts[0])
      for (const std::int32_t c : decode_utf8(listed_[n].label).code_points) training.push_back(c);
    for (const Listed& line : listed_) {
      for (const std::int32_t c : decode_utf8(line.label).code_points) text.push_back(c);
      all_.label_begin.push_back(text.size());
    }
    const Vocabulary vocabulary(training, text, 1);
    all_.symbols = vocabulary.symbols();
    all_.symbols.insert(all_.symbols.begin(), no_character(target_));
    all_.labels = vocabulary.encode(std::move(text));
    for (std::int32_t& label : all_.labels) ++label;
  }

  void add_sound(const Listed& line) {
    const std::string bytes = corpus_.bytes(line.file), where = corpus_.where(line.file);
    const Wav wav = read_wav(bytes, where);
    if (!log_mel_) {
      rate_ = wav.rate;
      log_mel_.emplace(rate_, o_.mels, o_.f_min, o_.f_max);
      all_.width = log_mel_->mels();
    }
    if (wav.rate != rate_) {
      refuse("a sample rate of " + std::to_string(wav.rate) + " Hz, not the " +
                 std::to_string(rate_) + " of " + listed_.front().file,
             where, "bring all to one rate");
    }
    digests_ += sha256(bytes) + "\n";
    all_.frames.resize(all_.begin.back() + log_mel_->frames(wav.samples.size()) * all_.width);
    (*log_mel_)(wav.samples, std::span(all_.frames).subspan(all_.begin.back()));
    all_.begin.push_back(all_.frames.size());
  }

  void check_room() const {
    for (std::size_t n = 0; n < listed_.size(); ++n) {
      if (const std::string what = without_room(all_, n); !what.empty())
        refuse(what, listed_[n].where, "leave the recording out, or give task.target = characters");
    }
  }

  const SpeechFileOptions& o_;
  SpeechTarget target_;
  Corpus corpus_;
  std::vector<Listed> listed_;
  std::set<std::string> taken_;
  std::string digests_;
  std::optional<LogMel> log_mel_;
  int rate_ = 0;
  StoredUtterances all_;
};

Readout readout_of(SpeechTarget target) {
  return target == SpeechTarget::frames ? Readout::every
         : target == SpeechTarget::word ? Readout::last
                                        : Readout::sequence;
}

StoredUtterances from_arrays(const SpeechFileOptions& o, SpeechTarget target) {
  const FileParts files(o.path, o.seed, o.shares);
  const FileExamples& train = *files.sets().front();
  if (train.width == 0 || train.outputs > 0)
    files.refuse("the arrays are no frames with classes",
                 "store inputs [N, T, F] of floating point, and targets of integers");
  if (train.readout != readout_of(target)) {
    throw Error(Exit::usage, "the targets are not those of task.target", o.path,
                "give frames for targets [N, T], word for [N], characters or ctc for [N, U] with "
                "target_lengths");
  }
  StoredUtterances all;
  all.width = train.width;
  all.sha256 = files.sha256();
  std::int32_t largest = 0;
  std::map<const FileExamples*, std::uint32_t> first;
  for (const FileExamples* set : files.sets()) {
    const FileExamples& e = *set;
    if (!e.weight.empty())
      files.refuse("array 'weights' is not for this task", "leave it out, or use task file");
    first[set] = static_cast<std::uint32_t>(all.begin.size() - 1);
    largest = std::max(largest, e.largest_label);
    for (std::size_t n = 0; n < static_cast<std::size_t>(e.count); ++n) {
      const auto T = static_cast<std::size_t>(e.length[n]);
      const float* const x = &e.x[n * e.steps * e.width];
      all.frames.insert(all.frames.end(), x, x + T * e.width);
      all.begin.push_back(all.frames.size());
      const std::size_t labels = target == SpeechTarget::frames ? T
                                 : target == SpeechTarget::word
                                     ? 1
                                     : static_cast<std::size_t>(e.target_length[n] - 1);
      const std::int32_t* const y = &e.label[n * e.rows()];
      all.labels.insert(all.labels.end(), y, y + labels);
      all.label_begin.push_back(all.labels.size());
    }
  }
  constexpr std::array<Stream, 3> splits{Stream::train, Stream::valid, Stream::test};
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const FileParts::Part& part = files.part(splits[i]);
    for (const std::uint32_t n : part.which) all.parts[i].push_back(first[part.examples] + n);
  }
  for (std::int32_t c = 0; c <= largest; ++c)
    all.symbols.push_back(is_spelt(target) && c == 0 ? no_character(target) : std::to_string(c));
  for (std::size_t n = 0; target == SpeechTarget::ctc && n + 1 < all.begin.size(); ++n) {
    if (const std::string what = without_room(all, n); !what.empty())
      files.refuse("example " + std::to_string(n) + " has " + what,
                   "leave it out, or give task.target = characters");
  }
  if (all.symbols.size() < 2) files.refuse("array 'targets' has one class only", "store more");
  return all;
}

}  // namespace

std::unique_ptr<SpeechSet> speech_files(const SpeechFileOptions& options, SpeechTarget target) {
  options.shares.check();
  const std::string extension = std::filesystem::path(options.path).extension().string();
  const bool arrays = extension == ".npz" || extension == ".h5" || extension == ".hdf5";
  return stored_speech(arrays ? from_arrays(options, target) : SoundFiles(options, target).take(),
                       target);
}

}  // namespace rnnlab
