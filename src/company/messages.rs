//! Messages about what uses a role, in both languages.
//!
//! Owns the texts; must not know when each is told.

use crate::messages;

messages! {
    accounts_hold(count, names) = "{count} accounts hold it ({names})", "{count} 个账号持有（{names}）";
    keys_have(count) = "{count} API keys have it", "{count} 个 API 密钥使用";
    layouts_are_for(names) = "layouts are for it ({names})", "有专用布局（{names}）";
    views_are_shared(count, names) = "{count} saved views are shared with it ({names})", "{count} 个视图共享给该角色（{names}）";
    dashboards_are_shared(names) = "dashboards are shared with it ({names})", "有仪表盘共享给该角色（{names}）";
    lists_open_with(names) = "lists open with a default of it ({names})", "设有默认视图（{names}）";
}
