/** What the tray of long work says. */

export const en = {
  cancelJob: "Cancel",
  jobs: "Long work",
  kinds: { RETYPE: "Values of a field that has another type" } as Record<string, string>,
  resume: "Go on",
  running: (count: number) => (count === 1 ? "1 job runs" : `${count} jobs run`),
  states: {
    QUEUED: "waits",
    RUNNING: "runs",
    CANCELLING: "is being cancelled",
    CANCELLED: "cancelled",
    DONE: "done",
    DONE_WITH_FAULTS: "done, with faults",
    FAILED: "failed",
  } as Record<string, string>,
};

export const zh: typeof en = {
  cancelJob: "取消",
  jobs: "后台任务",
  kinds: { RETYPE: "转换字段类型的数据" },
  resume: "继续",
  running: (count: number) => `${count} 个任务正在执行`,
  states: {
    QUEUED: "等待中",
    RUNNING: "执行中",
    CANCELLING: "正在取消",
    CANCELLED: "已取消",
    DONE: "已完成",
    DONE_WITH_FAULTS: "已完成，有错误",
    FAILED: "失败",
  },
};
