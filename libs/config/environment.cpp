#include "libs/config/environment.h"

#include <cstdlib>

namespace papertape {

void SetByDefault(const char* name, const char* value) { setenv(name, value, 0); }

}  // namespace papertape
