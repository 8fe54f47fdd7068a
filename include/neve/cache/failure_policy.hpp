#pragma once

namespace neve {

/// What happens when the cache itself fails: with `tolerate` a lookup that throws `unavailable`, `timeout` or `io`
/// becomes a miss with reason `unavailable` and a store is declined, so that a cache failure never fails a pipeline;
/// `rethrow` passes errors on. Either way `erase`, `touch` and `presence` throw: what was asked for in so many words
/// did not happen, or is not known.
enum class FailurePolicy { tolerate, rethrow };

}  // namespace neve
