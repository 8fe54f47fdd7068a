#pragma once

/// Everything a simulation needs: stages, pipelines, graphs, sweeps and caches.

#include <neve/cache/cache_report.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_flight.hpp>
#include <neve/key/config.hpp>
#include <neve/key/key_recipe.hpp>
#include <neve/pipeline/function_stage.hpp>
#include <neve/pipeline/pipeline.hpp>
#include <neve/pipeline/recorder.hpp>
#include <neve/pipeline/run.hpp>
#include <neve/pipeline/stage.hpp>
#include <neve/pipeline/stage_registry.hpp>
#include <neve/pipeline/sweep.hpp>
