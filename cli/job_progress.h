// Shows how far an ingestion job is: a bar that is drawn over itself on a terminal, otherwise a line for each symbol
// that has ended. Not thread-safe.
#pragma once

#include <cstddef>
#include <ostream>
#include <set>
#include <string>

#include "papertape/market_data/v1/ingestion_service.pb.h"

namespace papertape::cli {

class JobProgress {
 public:
  JobProgress(std::ostream& out, bool is_terminal) : out_(out), is_terminal_(is_terminal) {}
  void Show(const market_data::v1::IngestionJob& job);
  // The line after the last: what came of the job.
  void Finish(const market_data::v1::IngestionJob& job);

 private:
  void ShowEnded(const market_data::v1::IngestionTask& task);
  void Clear();

  std::ostream& out_;
  const bool is_terminal_;
  std::set<std::string> shown_;  // symbols that have ended
  std::size_t drawn_ = 0;        // characters of the bar that stands there
};

}  // namespace papertape::cli
