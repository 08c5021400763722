// What the migrations of every service must do, checked on a database with data. Each fails the running test.
#pragma once

#include <string>
#include <vector>

#include "libs/pg/migrator.h"
#include "tests/support/test_database.h"

namespace papertape::testing {

// Version `version` replaces marks on events by one mark a minute; several services have it, each under its own number.
// `data` is put in before, and events: two minutes of relayed ones, with one that waits in between and one at the end.
// Leaves the database at that version.
void CheckRelayMark(const TestDatabase& database, const std::string& schema, const std::vector<pg::Migration>& all,
                    int version, const std::string& data = "");

// All of them can be taken back, leave nothing, and apply again.
void CheckThereAndBack(const TestDatabase& database, const std::string& schema, const std::vector<pg::Migration>& all);

}  // namespace papertape::testing
