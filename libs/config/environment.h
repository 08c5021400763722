// What libraries read from the environment of the process by themselves. Before any thread is made.
#pragma once

namespace papertape {

// Sets the variable unless the process was given one.
void SetByDefault(const char* name, const char* value);

}  // namespace papertape
