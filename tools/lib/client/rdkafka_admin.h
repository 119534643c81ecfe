#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/client/rdkafka_handle.h"

namespace ks::client {

// librdkafka's admin objects come with one destructor each.
template <typename T, void (*destroy)(T*)>
struct AdminFree {
  void operator()(T* p) const { destroy(p); }
};
template <typename T, void (*destroy)(T*)>
using AdminOwned = std::unique_ptr<T, AdminFree<T, destroy>>;

// One of librdkafka's requests about one thing: how it is sent, and how its answer is read.
template <typename Request, typename Item>
struct AdminApi {
  rd_kafka_admin_op_t op;
  const char* name;  // Kafka's
  void (*send)(rd_kafka_t*, Request**, std::size_t, const rd_kafka_AdminOptions_t*,
               rd_kafka_queue_t*);
  const rd_kafka_event_t* (*result)(rd_kafka_event_t*);
  const Item** (*items)(const rd_kafka_event_t*, std::size_t*);
  cli::Result<void> (*check)(const Item&, const std::string& doing);  // the item's own error
};

template <typename Item>
struct AdminAnswer {
  Owned<rd_kafka_event_t> event;
  const Item* item = nullptr;  // owned by `event`; null: the answer is empty
};

// The error of a group, or of the first partition of it that has one.
cli::Result<void> check_group(const rd_kafka_group_result_t& group, const std::string& doing);

// As fail_with, with the broker's own words where it sent any.
tl::unexpected<cli::Error> fail_with_text(rd_kafka_resp_err_t code, const char* text,
                                          const std::string& doing, const std::string& where);

class RdkafkaAdmin final : public Admin {
 public:
  cli::Result<void> open(const Config& config);

  cli::Result<ClusterInfo> describe_cluster(cli::Deadline deadline) override;

  cli::Result<void> create_topic(const NewTopic& topic, cli::Deadline deadline) override;
  cli::Result<void> delete_topic(const std::string& name, cli::Deadline deadline) override;
  cli::Result<void> set_partitions(const std::string& topic, std::int32_t total,
                                   cli::Deadline deadline) override;

  cli::Result<std::vector<ConfigEntry>> describe_configs(ConfigResource resource,
                                                         const std::string& name,
                                                         cli::Deadline deadline) override;
  cli::Result<void> alter_configs(ConfigResource resource, const std::string& name,
                                  const std::map<std::string, std::string>& configs,
                                  cli::Deadline deadline) override;

  cli::Result<std::vector<GroupListing>> list_groups(cli::Deadline deadline) override;
  cli::Result<GroupDescription> describe_group(const std::string& id,
                                               cli::Deadline deadline) override;
  cli::Result<void> delete_group(const std::string& id, cli::Deadline deadline) override;

  cli::Result<std::int64_t> list_offset(const TopicPartition& at, std::int64_t time,
                                        cli::Deadline deadline) override;
  cli::Result<EpochEnd> epoch_end(const TopicPartition& at, std::int32_t epoch,
                                  cli::Deadline deadline) override;
  cli::Result<std::vector<Position>> committed(const std::string& group,
                                               const std::vector<TopicPartition>& partitions,
                                               cli::Deadline deadline) override;
  cli::Result<void> commit(const std::string& group, const std::vector<Position>& positions,
                           cli::Deadline deadline) override;

 private:
  // Sends one request by `send(options)` and waits for its event; the request's own error becomes
  // ours. `where` is the topic or group, for errors.
  cli::Result<Owned<rd_kafka_event_t>> call(
      rd_kafka_admin_op_t op, const char* api, const std::string& where, cli::Deadline deadline,
      const std::function<void(const rd_kafka_AdminOptions_t*)>& send);

  // The same for a request about one thing, whose error becomes ours, too.
  template <typename Request, typename Item>
  cli::Result<AdminAnswer<Item>> ask(const AdminApi<Request, Item>& api, Request* request,
                                     const std::string& where, cli::Deadline deadline) {
    Request* list[] = {request};
    auto event = call(api.op, api.name, where, deadline, [&](const auto* options) {
      api.send(handle_.get(), list, 1, options, queue_.get());
    });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const Item* const* items = api.items(api.result(event->get()), &count);
    const Item* item = count == 0 ? nullptr : items[0];
    if (item != nullptr) {
      if (auto ok = api.check(*item, api.name); !ok) return tl::make_unexpected(ok.error());
    }
    return AdminAnswer<Item>{std::move(*event), item};
  }

  // The same where there is nothing to read but the error.
  template <typename Request, typename Item>
  cli::Result<void> tell(const AdminApi<Request, Item>& api, Request* request,
                         const std::string& where, cli::Deadline deadline) {
    return ask(api, request, where, deadline).map([](const auto&) {});
  }

  Owned<rd_kafka_t> handle_;
  Owned<rd_kafka_queue_t> queue_;  // after handle_: must go before it
};

}  // namespace ks::client
