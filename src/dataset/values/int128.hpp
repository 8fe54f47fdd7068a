#pragma once

namespace neve::dataset {

using Int128 = __int128;
using UInt128 = unsigned __int128;

}  // namespace neve::dataset
