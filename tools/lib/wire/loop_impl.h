#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "lib/wire/loop.h"

// For the files of this folder that use Boost.Asio: nobody else should have to compile it.
namespace ks::wire {

struct Loop::Impl {
  boost::asio::io_context context{1};  // one thread: no locks
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
};

}  // namespace ks::wire
