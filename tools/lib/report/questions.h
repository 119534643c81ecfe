#pragma once

#include <array>
#include <string_view>

namespace ks::report {

// What a release decision rests on; checks name the questions they help to answer, from 1.
inline constexpr std::array<std::string_view, 5> kQuestions{
    "Can clients connect through a single IP?",
    "Can they produce and consume correctly?",
    "Does data survive broker death?",
    "Does data survive object-store slowness?",
    "Can brokers be scaled out without touching clients?",
};
inline constexpr int kQuestionCount = static_cast<int>(kQuestions.size());

}  // namespace ks::report
