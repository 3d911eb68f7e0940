#include "study/grid.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/axes.hpp"

namespace rnnlab {
namespace {

constexpr std::size_t largest_grid = 100000;

bool can_be_axis(const std::string& key) {
  return key.starts_with("model.") || key.starts_with("task.") || key.starts_with("train.") ||
         key.starts_with("record.");
}

/// Lets a key be whatever either says of it; the task's own schema decides when it is known.
void widen(KeySpec& key, const KeySpec& other) {
  const auto numeric = [](const KeySpec& k) {
    return k.kind == ValueKind::integer || k.kind == ValueKind::number;
  };
  if (key.kind != other.kind)
    key.kind = numeric(key) && numeric(other) ? ValueKind::number : ValueKind::text;
  key.info.min = std::min(key.info.min, other.info.min);
  key.info.max = std::max(key.info.max, other.info.max);
  if (key.info.choices.empty() || other.info.choices.empty()) {
    key.info.choices.clear();
  } else {
    key.info.choices.insert(key.info.choices.end(), other.info.choices.begin(),
                            other.info.choices.end());
  }
}

/// The keys of every task's schema, each with its place in the canonical order.
class AllKeys {
 public:
  explicit AllKeys(const Registry& registry) {
    const std::vector<std::string> sections{"model", "task", "train", "run", "record"};
    for (const TaskEntry& task : registry.tasks) {
      const Schema schema(registry, task);
      for (std::size_t i = 0; i < schema.keys().size(); ++i) {
        const KeySpec& spec = schema.keys()[i];
        const std::string section = spec.key.substr(0, spec.key.find('.'));
        const auto place = std::find(sections.begin(), sections.end(), section) - sections.begin();
        const auto [known, is_new] =
            keys_.emplace(spec.key, Place{static_cast<std::size_t>(place) * 1000 + i, spec});
        // Keys of models, training and record are the same for every task.
        if (!is_new && section == "task") widen(known->second.spec, spec);
      }
    }
  }

  const KeySpec& at(const Setting& setting) const {
    const auto found = keys_.find(setting.key);
    if (found == keys_.end()) {
      std::vector<std::string> known;
      for (const auto& [key, place] : keys_) known.push_back(key);
      throw_unknown_key(setting, known);
    }
    return found->second.spec;
  }

  std::size_t order(const std::string& key) const { return keys_.at(key).order; }

 private:
  struct Place {
    std::size_t order;
    KeySpec spec;
  };
  std::map<std::string, Place> keys_;
};

/// Axes that move together: all of one length.
using Group = std::vector<SweepAxis>;

std::vector<Group> group(std::vector<SweepAxis> axes) {
  std::vector<Group> groups;
  std::map<SweepAxis::Moves, std::size_t> together;
  for (SweepAxis& axis : axes) {
    const auto found = together.find(axis.moves);
    if (axis.moves == SweepAxis::Moves::alone || found == together.end()) {
      if (axis.moves != SweepAxis::Moves::alone) together[axis.moves] = groups.size();
      groups.push_back({std::move(axis)});
      continue;
    }
    Group& joined = groups[found->second];
    if (joined.front().values.size() != axis.values.size())
      throw Error(Exit::usage,
                  axis.key + " has " + std::to_string(axis.values.size()) + " values but " +
                      joined.front().key + ", which moves with it, has " +
                      std::to_string(joined.front().values.size()),
                  axis.where, "give both as many");
    joined.push_back(std::move(axis));
  }
  std::stable_partition(groups.begin(), groups.end(), [](const Group& g) {
    return std::none_of(g.begin(), g.end(), [](const auto& a) { return a.key == "train.seed"; });
  });
  return groups;
}

std::string spelled(const Settings& overrides) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : overrides) parts.push_back(key + "=" + value);
  return parts.empty() ? "no axis" : join(parts, " ");
}

/// A protocol that was set after the last task: it holds for every task of an axis, whatever
/// protocols their names have.
const Setting* protocol_after_name(const std::vector<Setting>& settings) {
  const Setting* protocol = nullptr;
  for (const Setting& setting : settings) {
    if (setting.key == "task.name") protocol = nullptr;
    if (setting.key == "task.protocol") protocol = &setting;
  }
  return protocol;
}

std::vector<GridPoint> product(const AllKeys& keys, Resolver& resolve,
                               const std::vector<Setting>& settings, const std::string& part,
                               const MoreSettings& more) {
  std::map<std::string, SweepAxis> last;
  std::vector<Setting> fixed;
  for (const Setting& setting : settings) {
    const KeySpec& spec = keys.at(setting);
    if (can_be_axis(setting.key)) {
      last[setting.key] = parse_axis(spec, setting);
    } else {
      fixed.push_back(setting);
    }
  }
  // In the order in which they were first set: `task.name` and `task.protocol` depend on it.
  std::vector<SweepAxis> axes;
  std::set<std::string> done;
  for (auto setting = settings.rbegin(); setting != settings.rend(); ++setting) {
    if (!can_be_axis(setting->key) || !done.insert(setting->key).second) continue;
    SweepAxis& axis = last.at(setting->key);
    if (axis.values.size() == 1) {
      fixed.insert(fixed.begin(), {axis.key, axis.values.front(), axis.where});
    } else {
      axes.push_back(std::move(axis));
    }
  }
  std::sort(axes.begin(), axes.end(), [&](const SweepAxis& a, const SweepAxis& b) {
    return keys.order(a.key) < keys.order(b.key);
  });
  const std::vector<Group> groups = group(std::move(axes));

  std::size_t count = 1;
  for (const Group& g : groups) {
    count *= g.front().values.size();
    if (count > largest_grid)
      throw Error(Exit::usage, "the grid has more than " + std::to_string(largest_grid) + " runs",
                  g.front().where, "take fewer values");
  }
  const bool one_protocol =
      last.contains("task.protocol") && last.at("task.protocol").values.size() == 1;
  const Setting* const protocol = one_protocol ? protocol_after_name(settings) : nullptr;
  std::vector<GridPoint> points;
  for (std::size_t index = 0; index < count; ++index) {
    GridPoint point{.overrides = {}, .config = {}, .part = part};
    std::vector<Setting> all = fixed;
    std::size_t stride = count, rest = index;
    for (const Group& g : groups) {
      stride /= g.front().values.size();
      const std::size_t choice = rest / stride;
      rest %= stride;
      for (const SweepAxis& axis : g) {
        point.overrides.emplace_back(axis.key, axis.values[choice]);
        all.push_back({axis.key, axis.values[choice], axis.where});
      }
    }
    if (protocol)
      all.push_back({protocol->key, std::string(trim(protocol->value)), protocol->where});
    point.config = resolve(all);
    if (const auto extra = more ? more(point) : std::vector<Setting>(); !extra.empty()) {
      const auto seed = std::find_if(point.overrides.begin(), point.overrides.end(),
                                     [](const auto& o) { return o.first == "train.seed"; });
      Settings shown;
      for (const Setting& setting : extra) shown.emplace_back(setting.key, setting.value);
      point.overrides.insert(seed, shown.begin(), shown.end());
      all.insert(all.end(), extra.begin(), extra.end());
      point.config = resolve(all);
    }
    points.push_back(std::move(point));
  }
  return points;
}

/// An id is a folder's name: there can be one run of it. Eight digits of a hash are equal by chance
/// once in 4·10⁹ pairs.
[[noreturn]] void throw_one_id(const GridPoint& a, const GridPoint& b) {
  const std::string both = spelled(a.overrides) + " and " + spelled(b.overrides);
  if (a.config.hash() == b.config.hash())
    throw Error(Exit::usage, "two runs of the grid are the same", both, "keep one of them");
  throw Error(Exit::usage, "two runs of the grid have by chance one id, " + a.config.id(), both,
              "change a value a little, or sweep them into two folders");
}

}  // namespace

std::pair<std::string, std::string> grid_part(const std::string& key) {
  if (!key.starts_with("grid.")) return {"", key};
  const std::size_t dot = std::min(key.find('.', 5), key.size() - 1);
  return {key.substr(5, dot - 5), key.substr(dot + 1)};
}

std::vector<GridPoint> expand(const Registry& registry, const std::vector<Setting>& settings,
                              const MoreSettings& more, bool once) {
  std::vector<std::string> parts;
  for (const Setting& setting : settings) {
    const std::string part = grid_part(setting.key).first;
    if (!part.empty() && std::find(parts.begin(), parts.end(), part) == parts.end())
      parts.push_back(part);
  }
  if (parts.empty()) parts.emplace_back();

  const AllKeys keys(registry);
  Resolver resolve(registry);
  std::vector<GridPoint> points;
  std::map<std::string, std::size_t> seen;  // the point of each id
  for (const std::string& part : parts) {
    std::vector<Setting> own;
    for (const Setting& setting : settings) {
      const auto [of, key] = grid_part(setting.key);
      if (of.empty() || of == part) own.push_back({key, setting.value, setting.where});
    }
    for (GridPoint& point : product(keys, resolve, own, part, more)) {
      const auto [before, is_new] = seen.emplace(point.config.id(), points.size());
      if (!is_new && once && points[before->second].config.hash() == point.config.hash()) continue;
      if (!is_new) throw_one_id(points[before->second], point);
      points.push_back(std::move(point));
    }
  }
  return points;
}

}  // namespace rnnlab
