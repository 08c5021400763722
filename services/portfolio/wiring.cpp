#include "services/portfolio/wiring.h"

#include "services/portfolio/clients/peer_books.h"
#include "services/portfolio/config.h"
#include "services/portfolio/rpc/portfolio_service.h"

namespace papertape::portfolio {

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());
  auto& peers = host.Own<Peers>(config.engine, config.market, host.clock());
  host.Serve(std::make_shared<PortfolioService>(host.gate(),
                                                [&peers](const rpc::Call& call) { return peers.BooksFor(call); }));
  return absl::OkStatus();
}

}  // namespace papertape::portfolio
