#pragma once

#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "record/sink.hpp"

namespace rnnlab {

/// A sink that keeps everything in memory, for tests.
class MemorySink final : public Sink {
 public:
  struct Rows final : Table {
    TableSpec spec;
    std::vector<std::int64_t> steps;
    std::vector<std::vector<double>> rows;

    void row(std::int64_t step, std::span<const double> values) override {
      steps.push_back(step);
      rows.emplace_back(values.begin(), values.end());
    }
    /// Entry `i` of every row.
    std::vector<double> column(const std::string& name) const {
      std::size_t i = 0;
      while (spec.columns.at(i).name != name) ++i;
      std::vector<double> values;
      for (const auto& row : rows) values.push_back(row.at(i));
      return values;
    }
  };

  Table& table(const TableSpec& spec) override {
    auto& rows = tables[spec.group];
    rows.spec = spec;
    return rows;
  }
  void array(const ArraySpec& spec) override { arrays[spec.path]; }
  void start() override {
    started = true;
    for (auto& [group, table] : tables) {
      const auto found = earlier_rows.find(group);
      const auto rows = found == earlier_rows.end() ? 0 : static_cast<std::size_t>(found->second);
      if (rows == 0) continue;
      const Rows& from = earlier->tables.at(group);
      table.steps.assign(from.steps.begin(), from.steps.begin() + found->second);
      table.rows.assign(from.rows.begin(), from.rows.begin() + found->second);
    }
  }
  void write_array(const std::string& path, std::span<const double> values) override {
    arrays.at(path).assign(values.begin(), values.end());
  }

  RowCounts rows() const override {
    RowCounts counts;
    for (const auto& [group, table] : tables)
      counts[group] = static_cast<std::int64_t>(table.steps.size());
    return counts;
  }

  std::map<std::string, Rows> tables;
  std::map<std::string, std::vector<double>> arrays;
  bool started = false;
  // With start() every table begins with so many rows of an earlier sink's.
  const MemorySink* earlier = nullptr;
  RowCounts earlier_rows;
};

/// The same bytes: every table but its column `seconds`, and every array.
inline void require_same(const MemorySink& a, const MemorySink& b) {
  REQUIRE(a.tables.size() == b.tables.size());
  for (const auto& [group, table] : a.tables) {
    INFO(group);
    const auto& other = b.tables.at(group);
    REQUIRE(table.steps == other.steps);
    std::size_t seconds = table.spec.columns.size();
    for (std::size_t i = 0; i < table.spec.columns.size(); ++i)
      if (table.spec.columns[i].name == "seconds") seconds = i;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      auto one = table.rows[row], two = other.rows[row];
      REQUIRE(one.size() == two.size());
      if (seconds < table.spec.columns.size()) one[seconds] = two[seconds] = 0;
      REQUIRE(std::memcmp(one.data(), two.data(), one.size() * sizeof(double)) == 0);
    }
  }
  REQUIRE(a.arrays == b.arrays);
}

/// A sink that takes everything and keeps nothing, so that what a test counts is the trainer's.
class NullSink final : public Sink {
 public:
  Table& table(const TableSpec&) override { return table_; }
  void array(const ArraySpec&) override {}
  void start() override {}
  void write_array(const std::string&, std::span<const double>) override {}
  RowCounts rows() const override { return {}; }

 private:
  struct NullTable final : Table {
    void row(std::int64_t, std::span<const double>) override {}
  };
  NullTable table_;
};

}  // namespace rnnlab
