#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpora/registry.hpp"

namespace rnnlab {

/// How much of a corpus lies in a folder: `all`, `2 of 4 files`, `-`.
std::string presence(const KnownCorpus&, const std::filesystem::path& folder);

/// A number of bytes for people: `1.4 MB`, of a million bytes.
std::string byte_size(std::int64_t bytes);

/// Corpora, one line each: name, task, size, how much of it is in the cache, where, licence.
std::string data_table(const std::vector<KnownCorpus>&, const std::filesystem::path& cache);

/// All that is known of one, and where it lies or would lie.
std::string data_page(const KnownCorpus&, const std::filesystem::path& cache);

/// {"data": [{"name": …, "tasks": [], "bytes", "licence", "present": true, "folder", "files":
/// […]}]}
std::string data_json(const std::vector<KnownCorpus>&, const std::filesystem::path& cache);

}  // namespace rnnlab
