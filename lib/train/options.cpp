#include "train/options.hpp"

namespace rnnlab {

void TrainOptions::describe(OptionVisitor& v) {
  v.visit({.name = "steps", .help = "training steps", .unit = "steps", .min = 1, .max = 1e12},
          steps);
  v.visit(
      {.name = "batch", .help = "examples per step", .unit = "examples", .min = 1, .max = 65536},
      batch);
  v.visit({.name = "optimizer",
           .help = "the update rule",
           .choices = {"sgd", "rmsprop", "adam", "adamw"}},
          optimizer);
  v.visit({.name = "lr", .help = "learning rate", .min = 0, .max = 1e6}, lr);
  v.visit({.name = "schedule",
           .help = "what becomes of the learning rate after the warm-up: constant, or falling to 0 "
                   "at the end, in a straight line or along half a cosine",
           .choices = {"constant", "linear", "cosine"}},
          schedule);
  v.visit({.name = "warmup",
           .help = "steps over which the learning rate rises linearly to train.lr; 0: none",
           .unit = "steps",
           .min = 0,
           .max = 1e12},
          warmup);
  v.visit({.name = "momentum", .help = "of sgd and rmsprop", .min = 0, .max = 1}, momentum);
  v.visit({.name = "beta1", .help = "adam's decay of the first moment", .min = 0, .max = 0.999999},
          beta1);
  v.visit(
      {.name = "beta2", .help = "adam's decay of the second moment", .min = 0, .max = 0.9999999},
      beta2);
  v.visit({.name = "decay", .help = "rmsprop's decay of the mean square", .min = 0, .max = 1},
          decay);
  v.visit({.name = "epsilon",
           .help = "what keeps adam's and rmsprop's denominator from 0",
           .min = 0,
           .max = 1},
          epsilon);
  v.visit({.name = "epsilon_at",
           .help = "where rmsprop's epsilon stands: outside the root, inside it, or nowhere",
           .choices = {"outside", "inside", "none"}},
          epsilon_at);
  v.visit({.name = "accumulator", .help = "start of rmsprop's mean square", .min = 0, .max = 1e6},
          accumulator);
  v.visit({.name = "centered",
           .help = "whether rmsprop divides by the root of the gradient's variance (Graves 2013), "
                   "not of its mean square"},
          centered);
  v.visit({.name = "weight_decay",
           .help = "lambda of lambda theta, added to the clipped gradient of every trained "
                   "parameter; with adamw apart from it, theta -= lr lambda theta",
           .min = 0,
           .max = 1e6},
          weight_decay);
  v.visit({.name = "clip_norm",
           .help = "scales the gradient down to this global norm where it is longer; 0: never",
           .min = 0,
           .max = 1e12},
          clip_norm);
  v.visit({.name = "clip_value",
           .help = "clips each entry of the gradient to [-x, x], before clip_norm; 0: never",
           .min = 0,
           .max = 1e12},
          clip_value);
  v.visit({.name = "truncate",
           .help = "truncated BPTT: an update after every so many steps of a sequence, whose state "
                   "is carried on and whose gradient goes no further back; 0: whole sequences",
           .unit = "steps",
           .min = 0,
           .max = 1e6},
          truncate);
  v.visit({.name = "stride",
           .help = "steps from where one window of truncated BPTT begins to where the next does. "
                   "Shorter than truncate: windows overlap, and score what none before them has. "
                   "Longer: the steps between are run through, unscored; 0: as truncate",
           .unit = "steps",
           .min = 0,
           .max = 1e6},
          stride);
  v.visit({.name = "omega",
           .help = "weight of a regulariser that keeps the gradient's norm on its way back through "
                   "time (Pascanu, Mikolov, Bengio 2013); 0: none",
           .min = 0,
           .max = 1e6},
          omega);
  v.visit({.name = "scheduled_sampling",
           .help = "the chance that a decoder's step reads what the model itself finds likeliest "
                   "instead of the target's symbol (Bengio et al. 2015); it grows linearly from 0 "
                   "over train.sampling_steps",
           .min = 0,
           .max = 1},
          scheduled_sampling);
  v.visit({.name = "sampling_steps",
           .help = "steps after which train.scheduled_sampling is reached",
           .unit = "steps",
           .min = 1,
           .max = 1e12},
          sampling_steps);
  v.visit({.name = "reduction",
           .help = "loss over the scored positions: their mean, or the sum over an example's steps "
                   "and the mean over examples (with ctc: of -ln p of each target)",
           .choices = {"mean", "sum"}},
          reduction);
  v.visit({.name = "precision",
           .help = "of parameters and arithmetic",
           .choices = {"float32", "float64"}},
          precision);
  v.visit({.name = "seed",
           .help = "of the initialisation and of the order of the data",
           .min = 0,
           .max = 9007199254740991.0},
          seed);
  v.visit({.name = "target",
           .help = "ends the run when the validation metric reaches it; 0: never",
           .min = 0,
           .max = 1e12},
          target);
  v.visit({.name = "select",
           .help = "the parameters that are tested and kept in the end: the last ones, or those of "
                   "the best validation",
           .choices = {"last", "best"}},
          select);
  v.visit({.name = "eval_every",
           .help = "steps between validations; 0: never",
           .unit = "steps",
           .min = 0,
           .max = 1e12},
          eval_every);
  v.visit({.name = "max_seconds",
           .help = "ends the run after this time; 0: never",
           .unit = "seconds",
           .min = 0,
           .max = 1e9,
           .changes_results = false},
          max_seconds);
}

void RunOptions::describe(OptionVisitor& v) {
  v.visit({.name = "threads",
           .help = "threads of one run",
           .unit = "threads",
           .min = 1,
           .max = 1024,
           .changes_results = false},
          threads);
  v.visit({.name = "checkpoint_every",
           .help = "steps between checkpoints; 0: about a minute",
           .unit = "steps",
           .min = 0,
           .changes_results = false},
          checkpoint_every);
  v.visit({.name = "dir",
           .help = "folder of the run; empty: results/runs/<run-id>",
           .changes_results = false},
          dir);
}

void RecordOptions::describe(OptionVisitor& v) {
  v.visit({.name = "instruments",
           .help = "what is asked of the gradients, besides the metrics",
           .choices = {"gradient-flow", "gradient-flow-last", "weight-gradient-by-time",
                       "spectral-radius", "parameter-norms"},
           .list = true},
          instruments);
  v.visit({.name = "every",
           .help = "steps between recorded rows",
           .unit = "steps",
           .min = 1,
           .max = 1e12},
          every);
  v.visit({.name = "mode",
           .help = "how run.h5 is kept readable while it is written: swmr, flush (network file "
                   "systems), or auto",
           .choices = {"auto", "swmr", "flush"},
           .changes_results = false},
          mode);
}

}  // namespace rnnlab
