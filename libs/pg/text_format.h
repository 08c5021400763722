// How values are written for and read from PostgreSQL's text format.
#pragma once

#include <string>
#include <string_view>

#include "libs/clock/clock.h"

namespace papertape::pg {

// "2026-03-02 14:30:00.25+00", always UTC.
void AppendTimestamp(Timestamp time, std::string& out);
// What a session in ISO style prints, whatever its time zone ("2026-03-02 20:00:00.25+05:30"). The epoch for anything
// else ("infinity", a year before our era).
Timestamp ParseTimestamp(std::string_view text);

void AppendBytea(std::string_view bytes, std::string& out);
std::string ParseBytea(std::string_view text);

}  // namespace papertape::pg
