#include "forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/shown.hpp"
#include "base/text.hpp"
#include "corpora/cache.hpp"
#include "data/corpus.hpp"
#include "series.hpp"

namespace rnnlab {
namespace {

/// How far predictions, given in standard deviations of the series, lie from what came: in the
/// series' own unit, over all steps ahead, and for some of them alone.
class ForecastScorer final : public Scorer {
 public:
  ForecastScorer(double deviation, int horizon, std::vector<int> reported)
      : deviation_(deviation),
        squares_(static_cast<std::size_t>(horizon)),
        reported_(std::move(reported)) {}

  void add(const Batch& drawn, std::span<const std::uint64_t> examples,
           std::span<const float> predictions) override {
    const std::size_t H = squares_.size();
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const double error =
          deviation_ * (static_cast<double>(predictions[i]) - static_cast<double>(drawn.y[i]));
      squares_[i % H] += error * error;
      absolute_ += std::abs(error);
    }
    windows_ += static_cast<double>(examples.size());
  }
  std::vector<double> values() const override {
    double all = 0;
    for (const double sum : squares_) all += sum;
    const double targets = windows_ * static_cast<double>(squares_.size());
    std::vector<double> values{std::sqrt(all / targets), absolute_ / targets};
    for (const int h : reported_)
      values.push_back(std::sqrt(squares_[static_cast<std::size_t>(h - 1)] / windows_));
    return values;
  }

 private:
  double deviation_, absolute_ = 0, windows_ = 0;
  std::vector<double> squares_;  // [H]
  std::vector<int> reported_;
};

/// A time series from a CSV file: windows of its past are shown, the values that follow are asked
/// for, all at once. Parts are cut by time: training, validation, test; a window belongs to the
/// part that all of its targets lie in, and may look back into the one before.
///
///   length 4, horizon 2    x  112 118 132 129     y  121 135     (airline passengers by month)
///
/// Every column is standardised by mean and deviation (of the population) of its training part, so
/// loss and metric are squared standard deviations; rmse and mae of the test are in the column's
/// own unit.
class Forecast final : public Task {
 public:
  struct Options {
    std::string path, corpus, column, horizons;
    std::string inputs = "target", delimiter = "comma", header = "auto", offset = "none",
                split = "tail";
    std::int64_t length = 24, horizon = 1, season = 0;
    double valid = 0.1, test = 0.2;
    DataOptions data;  // the series says how many there are

    void describe(OptionVisitor& v) {
      v.visit({.name = "path",
               .help = "a CSV file with a row for each moment, or a folder or archive with one",
               .file = true},
              path);
      v.visit(
          {.name = "corpus",
           .help = "where no path is given: which of the fetched corpora is read (ett, "
                   "airline-passengers, daily-min-temperatures); empty: the first that is there",
           .changes_results = false},
          corpus);
      v.visit(
          {.name = "column",
           .help = "what is forecast: a name of the header, or a number from 1; empty: the last "
                   "column of numbers"},
          column);
      v.visit({.name = "inputs",
               .help = "the columns that are read: the target's own past, or that of all columns "
                       "of numbers",
               .choices = {"target", "all"}},
              inputs);
      v.visit({.name = "delimiter",
               .help = "what stands between the cells",
               .choices = {"comma", "semicolon", "tab"}},
              delimiter);
      v.visit({.name = "header",
               .help = "whether the first row names the columns; auto: if it holds no number",
               .choices = {"auto", "yes", "no"}},
              header);
      v.visit({.name = "length",
               .help = "rows that a window shows",
               .unit = "steps",
               .min = 1,
               .max = 1e6},
              length);
      v.visit({.name = "horizon",
               .help = "values ahead that are asked for, all at once",
               .unit = "steps",
               .min = 1,
               .max = 1e5},
              horizon);
      v.visit({.name = "horizons",
               .help = "how many steps ahead the test's rmse is told for besides, up to "
                       "task.horizon: numbers separated by blanks (1 12 24)"},
              horizons);
      v.visit(
          {.name = "offset",
           .help = "what is subtracted from a window, inputs and targets alike, so that a level "
                   "never seen before is none: nothing, or of each column the last value that "
                   "is shown (Zeng et al. 2023: NLinear); errors mean the same either way",
           .choices = {"none", "last"}},
          offset);
      v.visit(
          {.name = "split",
           .help = "tail: the last rows are for the test, those before for validation; ett: 12, "
                   "4 and 4 months of 30 days of hourly rows (Zhou et al. 2021), whatever "
                   "task.valid and task.test say",
           .choices = {"tail", "ett"}},
          split);
      v.visit({.name = "valid",
               .help = "rows for validation; below 1: a share of all",
               .unit = "rows",
               .min = 0.0001,
               .max = 1e12},
              valid);
      v.visit({.name = "test",
               .help = "rows for the test; below 1: a share of all",
               .unit = "rows",
               .min = 0.0001,
               .max = 1e12},
              test);
      v.visit({.name = "season",
               .help = "rows of a season, for the forecast that the result is told beside: the "
                       "same moment of the last season that is known; 0: none",
               .unit = "steps",
               .min = 0,
               .max = 1e9},
              season);
    }
  };

  explicit Forecast(const Options& o)
      : length_(static_cast<int>(o.length)),
        horizon_(static_cast<int>(o.horizon)),
        from_last_(o.offset == "last") {
    read_reported(o.horizons);
    const auto names = o.corpus.empty() ? corpora_of("forecast") : std::vector{o.corpus};
    path_ = corpus_path(o.path, names);
    const Corpus corpus(path_);
    const std::string file = file_of(corpus);
    const std::string bytes = corpus.bytes(file);
    sha256_ = sha256(bytes);
    Series series = read_series(bytes, corpus.where(file), columns_of(o));
    columns_ = series.columns();
    target_ = series.target;
    cut(o, series);
    standardise(series);
    judge_simple_forecasts(static_cast<std::size_t>(o.season));
  }

  Facts facts() const override {
    return {.inputs = static_cast<int>(columns_),
            .outputs = horizon_,
            .length = length_,
            .loss = LossKind::mse,
            .readout = Readout::last,
            .chance_loss = baselines_.front().value,
            .chance = "always the mean of the training part"};
  }

  std::int64_t examples(Stream split) const override {
    const std::size_t p = part(split);
    return static_cast<std::int64_t>(end_[p] - first_[p]) - horizon_ + 1;
  }

  void draw(Key key, std::span<const std::uint64_t> examples, Batch& out) const override {
    const std::size_t B = examples.size();
    const auto T = static_cast<std::size_t>(length_), H = static_cast<std::size_t>(horizon_);
    const auto count = static_cast<std::uint64_t>(this->examples(key.stream));
    out.reset(facts(), static_cast<int>(B));
    for (std::size_t b = 0; b < B; ++b) {
      const std::size_t row = first_[part(key.stream)] + examples[b] % count;
      const auto offset = [&](std::size_t c) {
        return from_last_ ? x_[(row - 1) * columns_ + c] : 0.0f;
      };
      for (std::size_t t = 0; t < T; ++t)
        for (std::size_t c = 0; c < columns_; ++c)
          out.x[(t * B + b) * columns_ + c] = x_[(row - T + t) * columns_ + c] - offset(c);
      for (std::size_t h = 0; h < H; ++h) out.y[b * H + h] = target(row + h) - offset(target_);
    }
  }

  std::vector<TestMetric> test_metrics() const override {
    std::vector<TestMetric> metrics{
        {"rmse", "target units", "root mean squared error over all steps ahead"},
        {"mae", "target units", "mean absolute error over all steps ahead"}};
    for (const int h : reported_)
      metrics.push_back({"rmse_h" + std::to_string(h), "target units",
                         "root mean squared error " + std::to_string(h) + " steps ahead"});
    return metrics;
  }
  std::unique_ptr<Scorer> scorer(Stream) const override {
    return std::make_unique<ForecastScorer>(deviation_, horizon_, reported_);
  }

  std::string data_sha256() const override { return sha256_; }
  std::vector<Baseline> baselines() const override { return baselines_; }

 private:
  void read_reported(const std::string& text) {
    for (const std::string& word : words(text)) {
      const auto h = parse_int(word);
      if (!h || *h < 1 || *h > horizon_)
        throw Error(Exit::usage, shown(word) + " is none of the steps ahead", "task.horizons",
                    "give numbers from 1 to task.horizon = " + std::to_string(horizon_));
      reported_.push_back(static_cast<int>(*h));
    }
    std::sort(reported_.begin(), reported_.end());
    reported_.erase(std::unique(reported_.begin(), reported_.end()), reported_.end());
  }

  std::string file_of(const Corpus& corpus) const {
    if (corpus.files().size() == 1) return corpus.files().front();
    std::vector<std::string> tables;
    for (const std::string& file : corpus.files())
      if (file.ends_with(".csv") || file.ends_with(".csv.gz")) tables.push_back(file);
    if (tables.size() == 1) return tables.front();
    throw Error(Exit::data, std::to_string(tables.size()) + " files end in .csv", path_,
                "name the file itself as task.path");
  }

  static SeriesColumns columns_of(const Options& o) {
    return {.delimiter = o.delimiter == "comma"       ? ','
                         : o.delimiter == "semicolon" ? ';'
                                                      : '\t',
            .header = o.header == "auto"  ? SeriesColumns::unknown
                      : o.header == "yes" ? SeriesColumns::there
                                          : SeriesColumns::none,
            .target = o.column,
            .all = o.inputs == "all"};
  }

  static std::size_t part(Stream split) {
    return split == Stream::valid ? 1 : split == Stream::test ? 2 : 0;
  }
  float target(std::size_t row) const { return x_[row * columns_ + target_]; }

  /// Says which rows are targets of which part.
  void cut(const Options& o, const Series& series) {
    constexpr std::size_t month = 30 * 24;
    const std::size_t rows = series.rows();
    const auto rows_of = [&](double given) {
      const double count = given < 1 ? given * static_cast<double>(rows) : given;
      return static_cast<std::size_t>(std::llround(std::min(count, 1e15)));
    };
    const bool ett = o.split == "ett";
    const std::size_t valid = ett ? 4 * month : rows_of(o.valid);
    const std::size_t test = ett ? 4 * month : rows_of(o.test);
    const std::size_t used = ett ? 20 * month : rows;
    const auto window = static_cast<std::size_t>(length_),
               ahead = static_cast<std::size_t>(horizon_);
    const std::size_t needed = window + ahead + valid + test;
    if (used > rows || needed > used) {
      throw Error(Exit::data,
                  "too short: " + std::to_string(rows) + " rows, " +
                      std::to_string(std::max(used, needed)) + " are needed",
                  path_, "take a smaller task.length, task.horizon, task.valid or task.test");
    }
    if (std::min(valid, test) < ahead) {
      throw Error(Exit::data,
                  std::string(valid < ahead ? "validation" : "the test") + " has fewer rows, " +
                      std::to_string(std::min(valid, test)) + ", than are asked for at once",
                  "task.horizon", "take a smaller one, or larger task.valid and task.test");
    }
    end_ = {used - valid - test, used - test, used};
    first_ = {window, end_[0], end_[1]};
  }

  void standardise(const Series& series) {
    const std::size_t C = columns_, n = end_[0];
    x_.resize(series.values.size());
    for (std::size_t c = 0; c < C; ++c) {
      const auto at = [&](std::size_t row) { return series.values[row * C + c]; };
      double mean = 0, squares = 0;
      for (std::size_t row = 0; row < n; ++row) mean += at(row) / static_cast<double>(n);
      for (std::size_t row = 0; row < n; ++row) squares += (at(row) - mean) * (at(row) - mean);
      // Told by the values: of equal ones rounding leaves a deviation.
      bool constant = true;
      for (std::size_t row = 1; row < n; ++row) constant = constant && at(row) == at(0);
      double deviation = constant ? 0 : std::sqrt(squares / static_cast<double>(n));
      if (!std::isfinite(deviation) || (c == target_ && !(deviation > 0))) {
        throw Error(Exit::data,
                    "column " + shown(series.names[c]) + " is " +
                        (deviation == 0 ? "constant in" : "too large in") + " its training part",
                    path_, "choose another task.column, or more rows");
      }
      if (c == target_) deviation_ = deviation;
      if (!(deviation > 0)) deviation = 1;
      for (std::size_t row = 0; row < series.rows(); ++row)
        x_[row * C + c] = static_cast<float>((at(row) - mean) / deviation);
    }
  }

  /// The mean squared error on the test part of forecasts f(the window's first target row, h) of
  /// the target h rows after that one.
  template <class F>
  Baseline judged(const std::string& name, F&& f) const {
    double squares = 0, targets = 0;
    for (std::size_t row = first_[2]; row + static_cast<std::size_t>(horizon_) <= end_[2]; ++row) {
      for (std::size_t h = 0; h < static_cast<std::size_t>(horizon_); ++h) {
        const double error = static_cast<double>(f(row, h)) - static_cast<double>(target(row + h));
        squares += error * error;
        ++targets;
      }
    }
    const double mse = squares / targets;
    return {name + " (rmse " + format_short(deviation_ * std::sqrt(mse)) + ")", mse};
  }
  void judge_simple_forecasts(std::size_t season) {
    baselines_ = {
        judged("mean of the training part", [](std::size_t, std::size_t) { return 0.0f; }),
        judged("persistence", [&](std::size_t row, std::size_t) { return target(row - 1); })};
    if (season == 0) return;
    if (season > first_[2]) {
      throw Error(Exit::data,
                  "there is no whole season before the test part, which begins after " +
                      std::to_string(first_[2]) + " rows",
                  "task.season", "give a shorter one");
    }
    baselines_.push_back(judged("seasonal naive", [&](std::size_t row, std::size_t h) {
      return target(row + h - season * (h / season + 1));
    }));
  }

  int length_, horizon_;
  bool from_last_;
  std::vector<int> reported_;
  std::string path_, sha256_;
  std::size_t columns_ = 0, target_ = 0;
  std::array<std::size_t, 3> first_{}, end_{};  // target rows of training, validation, test
  double deviation_ = 0;                        // of the target, in its own unit
  std::vector<float> x_;                        // [rows, columns], standardised
  std::vector<Baseline> baselines_;
};

}  // namespace

TaskEntry forecast_entry() {
  return task_entry<Forecast>("forecast", "the next values of a column of any CSV file",
                              "x  112 118 132 129     y  121 135\n"
                              "x  118 132 129 121     y  135 148\n"
                              "(windows of 4 rows, 2 values ahead: airline passengers by month)",
                              {});
}

}  // namespace rnnlab
