//! The yardstick on SQLite: orders and opportunities.

use axum::{Json, extract::State};
use sea_orm::sqlx::{self, Row};

use super::{Answer, Before, data, now, sqlite::SqliteState};

pub(super) async fn w4(State(shared): State<SqliteState>, Json(before): Json<Before>) -> Answer {
    let row = sqlx::query(
        "SELECT json_group_array(json_object('id', o.id, 'orderDate', o.order_date, \
          'status', o.status, 'lines', (SELECT json_group_array(json_object('lineNo', x.line_no, \
           'quantity', printf('%d.%04d', x.quantity / 10000, x.quantity % 10000), \
           'price', printf('%d.%02d', x.price / 100, x.price % 100), \
           'item', json_object('id', i.id, 'name', i.name))) \
           FROM (SELECT line_no, quantity, price, item_id FROM sales_order_line \
            WHERE sales_order_id = o.id ORDER BY line_no, id LIMIT 3) x \
           JOIN inventory_item i ON i.id = x.item_id))) \
         FROM (SELECT id, order_date, status FROM sales_order WHERE created_at < ?1 \
          AND (EXISTS (SELECT 1 FROM sales_order_employee e WHERE e.sales_order_id = sales_order.id \
           AND e.employee_id = ?3 AND (e.until IS NULL OR e.until > ?4)) \
          OR department_id IN (SELECT value FROM json_each(?2)) \
           AND (customer_id__department_id IN (SELECT value FROM json_each(?2)) \
            OR EXISTS (SELECT 1 FROM customer_employee e WHERE e.customer_id = sales_order.customer_id \
            AND e.employee_id = ?3 AND (e.until IS NULL OR e.until > ?4)))) \
          ORDER BY created_at DESC, id DESC LIMIT 20) o",
    )
    .bind(before.before.timestamp_micros())
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    let rows: &str = row.try_get(0)?;
    Ok(data("salesOrders\":{\"nodes", &format!("{rows}}}")))
}

pub(super) async fn w5(State(shared): State<SqliteState>) -> Answer {
    let row = sqlx::query(
        "SELECT json_group_array(json_object('key', json_object('stage', json_object('id', stage_id)), \
          'count', n, 'sum', json_object('amount', printf('%d.%02d', total / 100, total % 100)))) \
         FROM (SELECT stage_id, count(*) n, sum(amount) total FROM opportunity \
          WHERE id IN (SELECT opportunity_id FROM opportunity_employee e WHERE e.employee_id = ?2 \
           AND (e.until IS NULL OR e.until > ?3)) \
          OR department_id IN (SELECT value FROM json_each(?1)) \
           AND (customer_id__department_id IN (SELECT value FROM json_each(?1)) \
            OR customer_id IN (SELECT customer_id FROM customer_employee e WHERE e.employee_id = ?2 \
            AND (e.until IS NULL OR e.until > ?3))) \
          GROUP BY stage_id ORDER BY stage_id)",
    )
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    Ok(data("opportunityAggregate", row.try_get(0)?))
}
