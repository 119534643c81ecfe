#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <vector>

#include "lib/client/client.h"
#include "lib/client/rdkafka_handle.h"

namespace ks::client {

// librdkafka's own stand-in for a cluster, with one broker and the topic orders of one partition,
// for what a real one does not do on request.
class MockCluster {
 public:
  MockCluster()
      : owner_(*make_handle(RD_KAFKA_PRODUCER, *make_conf(config_of("unused:1"), {}))),
        cluster_(rd_kafka_mock_cluster_new(owner_.get(), 1)) {
    rd_kafka_mock_topic_create(cluster_, "orders", 1, 1);
  }
  ~MockCluster() { rd_kafka_mock_cluster_destroy(cluster_); }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  // The next `count` requests of the API are answered with the error.
  void refuse(std::int16_t api, rd_kafka_resp_err_t error, std::size_t count) const {
    const std::vector<rd_kafka_resp_err_t> errors(count, error);
    rd_kafka_mock_push_request_errors_array(cluster_, api, errors.size(), errors.data());
  }
  // What Metadata says of the topic from now on.
  void refuse_topic(rd_kafka_resp_err_t error) const {
    rd_kafka_mock_topic_set_error(cluster_, "orders", error);
  }
  void go_down() const { rd_kafka_mock_broker_set_down(cluster_, 1); }

  Config config() const { return config_of(rd_kafka_mock_cluster_bootstraps(cluster_)); }

 private:
  static Config config_of(const std::string& broker) {
    Config config;
    config.brokers = {broker};
    return config;
  }

  Owned<rd_kafka_t> owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace ks::client
