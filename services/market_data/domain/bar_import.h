// Importing bars that somebody has in a file: read, checked like any provider's, and added beside what is there. What
// is refused is told line by line. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/market_data/domain/import_csv.h"
#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

inline constexpr char kImportSource[] = "import";

struct ImportRequest {
  std::string_view csv;
  ImportFormat format;
  bool dry_run = false;    // nothing is written
  bool overwrite = false;  // bars that are there become what the file says
};

struct ImportedSymbol {
  std::string symbol;
  std::int64_t rows = 0;  // good ones
  std::int64_t added = 0;
  std::int64_t corrected = 0;
  std::int64_t known = 0;  // were there, and stay as they are
  Timestamp first;
  Timestamp last;
};

struct ImportReport {
  bool dry_run = false;
  Interval interval = Interval::kDay;
  std::int64_t rows = 0;                // lines behind the header
  std::int64_t refused = 0;             // of them
  std::vector<ImportedSymbol> symbols;  // by symbol
  std::vector<RefusedRow> refusals;     // the first kMostRefusals, by line
};
inline constexpr std::size_t kMostRefusals = 1'000;

// Bars of one symbol that are to be written.
struct ImportedBars {
  std::string symbol;
  std::vector<Bar> bars;  // ascending
};

class ImportStore {
 public:
  virtual ~ImportStore() = default;
  // Writes all or nothing, and notes in `report` what became of each symbol; a dry run finds out and takes it back.
  virtual absl::StatusOr<ImportReport> Import(const ImportReport& report, const std::vector<ImportedBars>& bars,
                                              const std::vector<Suspect>& suspects, bool overwrite,
                                              const idempotency::Repeatable<ImportReport>& repeatable) = 0;
};

class BarImport {
 public:
  struct Ports {
    InstrumentStore& instruments;
    BarStore& bars;
    SplitHistory& splits;
    ImportStore& store;
    IngestionTally& tally;
    const Clock& clock;
  };
  BarImport(const Ports& ports, int largest_jump_pct) : ports_(ports), largest_jump_pct_(largest_jump_pct) {}
  // INVALID_ARGUMENT for a file that cannot be read at all.
  absl::StatusOr<ImportReport> Run(const ImportRequest& request,
                                   const idempotency::Repeatable<ImportReport>& repeatable);

 private:
  struct Checked;
  absl::Status Check(const Instrument& instrument, Interval interval, std::vector<ImportRow> rows, Checked& checked);

  const Ports ports_;
  const int largest_jump_pct_;
};

}  // namespace papertape::market
