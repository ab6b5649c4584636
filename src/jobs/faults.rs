//! The faults of jobs, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    no_job() = RecordNotFound, "there is no such job", "没有该任务";
    lost() = JobState, "another worker has taken the job over", "任务已由其他进程接管";
    not_in_state(state) = JobState, "the job is {state}, so this cannot be done", "任务状态为 {state}，不能执行此操作",
        hint "`job` says how it stands", "可用 `job` 查看状态";
}
