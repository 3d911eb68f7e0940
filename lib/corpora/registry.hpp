#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rnnlab {

/// What can be counted in a file of a corpus, unpacked.
enum class Counted {
  lines,   // as text_lines() has them
  tokens,  // words between blanks, and one <eos> per line
  items,   // an idx file's first dimension: images, labels
};

struct Count {
  Counted what;
  std::int64_t number;
};

/// One file of a corpus, as it is downloaded.
struct KnownFile {
  std::string name;  // below the corpus' folder, `/` between folders
  std::int64_t bytes;
  std::string sha256;                  // lower-case hexadecimal; empty: not known
  std::vector<std::string> urls = {};  // the official one first, then its mirrors, tried in order
  std::vector<Count> counts = {};
  std::string member = {};  // of an archive, the file that is counted
};

/// A corpus under the name by which it is fetched.
struct KnownCorpus {
  std::string name;                // `multi30k`
  std::string summary;             // one line
  std::vector<std::string> tasks;  // that read it: values of task.name
  std::string page;                // where it officially comes from
  std::string licence;             // as its source states it, or that this is unclear
  std::string note = {};           // what one should know besides: an edition, a conversion
  std::string by_hand = {};        // what to download where; for files that have no urls
  std::string path = {};           // the file that task.path means; empty: the folder
  /// Names of its own for single files of it, as `task.corpus` takes them: waimai, waimai_10k.csv;
  /// or, where no file stands beside the name, for all of it.
  std::vector<std::pair<std::string, std::string>> parts = {};
  std::vector<KnownFile> files = {};

  std::int64_t bytes() const;
};

/// THE list of corpora, in the order in which a task looks for one of its own.
const std::vector<KnownCorpus>& known_corpora();

/// Throws Error(usage), naming the nearest and `where` the name was given, where there is none.
const KnownCorpus& known_corpus(std::string_view name, const std::string& where = "command line");

/// The addresses of `BASE/NAME`, percent-encoded, for every base in order.
std::vector<std::string> below(const std::vector<std::string>& bases, std::string_view name);

/// Families of corpora, one source file each: what known_corpora() is put together from.
std::vector<KnownCorpus> text_corpora();
std::vector<KnownCorpus> sentiment_corpora();
std::vector<KnownCorpus> translation_corpora();
std::vector<KnownCorpus> other_corpora();

}  // namespace rnnlab
