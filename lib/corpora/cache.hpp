#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/registry.hpp"

namespace rnnlab {

/// Where corpora are kept: `$XDG_CACHE_HOME/rnnlab/data`, else `~/.cache/rnnlab/data`. A corpus has
/// a folder of its name there, which holds whole files only. Throws Error(usage) where neither
/// variable says anything.
std::filesystem::path data_cache();

/// How many of a corpus' files lie in a folder, by name and size.
int files_present(const KnownCorpus&, const std::filesystem::path& folder);

/// The first of the corpora `names` that lies in the cache: its folder, or the one file of it that
/// tasks read, or that the name stands for. A name that no corpus has is passed over.
std::optional<std::filesystem::path> cached_corpus(const std::vector<std::string>& names);

/// What `task.path` stands for: itself, else cached_corpus(). Throws Error(data) where that is
/// none, and Error for the name of no corpus.
std::string corpus_path(const std::string& task_path, const std::vector<std::string>& names);

/// The corpora that a task reads, in the order of known_corpora().
std::vector<std::string> corpora_of(std::string_view task);

}  // namespace rnnlab
