#include "lib/client/implementations.h"

namespace ks::client {

cli::Result<std::unique_ptr<Producer>> make_wire_producer(const Config&, const std::string&,
                                                          Producer::OnDelivery) {
  return cli::fail("not built yet");
}

}  // namespace ks::client
