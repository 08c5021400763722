// The whole gateway, wired: settings in, a listening port out. What main and the end-to-end tests of the edge run.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "gateway/config.h"
#include "gateway/route_table.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"

namespace papertape::gateway {

class Gateway {
 public:
  // `files` are the proto files whose services are served, by index in Config::upstreams.
  Gateway(Config config, RouteTable routes, const Clock& clock, const RandomBits& random);
  ~Gateway();  // stops
  absl::Status Start();
  // Reads the files of the TLS certificate again, if there is one; the old stays when they are not good. Any thread.
  absl::Status LoadCertificate();
  // Answers what is running within the drain timeout, then ends everything.
  void Stop();
  [[nodiscard]] std::uint16_t port() const;
  // The ended sessions, whose tokens are refused and whose sockets are closed.
  auth::Revocations& revocations();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The proto files of the suite and who serves them: the one place that a new service is entered. New methods of these
// need nothing.
std::vector<ServedFile> SuiteFiles();

// The process: the exit code.
int Run();

}  // namespace papertape::gateway
