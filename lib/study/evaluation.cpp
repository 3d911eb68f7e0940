#include "study/evaluation.hpp"

#include "base/error.hpp"
#include "train/stepper.hpp"
#include "train/test_scores.hpp"

namespace rnnlab {
namespace {

/// Of training what an evaluation depends on.
TrainOptions evaluation_options(const Config& config) {
  TrainOptions options;
  options.precision = config.train().precision;
  options.batch = 1;
  return options;
}

}  // namespace

class RunEvaluator::Any {
 public:
  virtual ~Any() = default;
  virtual std::vector<std::pair<std::string, double>> metrics() = 0;
  virtual void show(Scorer&) = 0;
};

template <class S>
class RunEvaluator::Of final : public Any {
 public:
  Of(const TrainedRun& run, const Config& config, const Task& task, const std::atomic<bool>* stop)
      : task_(task),
        model_(config.model()),
        seed_(config.task_seed()),
        examples_(config.data().test_examples),
        stop_(stop),
        pool_(static_cast<int>(config.run().threads)),
        stepper_(task, config.data(), seed_, model_, evaluation_options(config), pool_) {
    stepper_.set_parameters(run.parameters(model_, task.facts()));
  }

  std::vector<std::pair<std::string, double>> metrics() override {
    const LossSums sums = stepper_.evaluate(Stream::test, examples_, stop_);
    check_stopped();
    const Facts facts = task_.facts();
    std::vector<std::pair<std::string, double>> all{{"loss", sums.loss / sums.weight},
                                                    {facts.metric_name(), quality(facts, sums)}};
    if (facts.whole_sequences()) all.emplace_back("sequence_accuracy", sequence_accuracy(sums));
    const std::vector<double> scores =
        test_scores<S>(task_, seed_, model_, stepper_, Stream::test, examples_, stop_);
    check_stopped();
    const std::vector<TestMetric> names = task_.test_metrics();
    for (std::size_t i = 0; i < scores.size(); ++i) all.emplace_back(names[i].name, scores[i]);
    return all;
  }

  void show(Scorer& scorer) override {
    show_examples<S>(task_, seed_, model_, stepper_, Stream::test, examples_, scorer, stop_);
    check_stopped();
  }

 private:
  void check_stopped() const {
    if (stop_ && stop_->load(std::memory_order_relaxed))
      throw Error(Exit::interrupted, "stopped by a signal", "", "run it again");
  }

  const Task& task_;
  const ModelOptions model_;
  const std::uint64_t seed_;
  const std::int64_t examples_;
  const std::atomic<bool>* const stop_;
  Pool pool_;
  Stepper<S> stepper_;
};

RunEvaluator::RunEvaluator(const TrainedRun& run, const Config& config, const Task& task,
                           const std::atomic<bool>* stop) {
  if (config.train().precision == "float64")
    any_ = std::make_unique<Of<double>>(run, config, task, stop);
  else
    any_ = std::make_unique<Of<float>>(run, config, task, stop);
}
RunEvaluator::~RunEvaluator() = default;

std::vector<std::pair<std::string, double>> RunEvaluator::metrics() { return any_->metrics(); }
void RunEvaluator::show(Scorer& scorer) { any_->show(scorer); }

}  // namespace rnnlab
