//! The yardstick on PostgreSQL: orders and opportunities.

use axum::{Json, extract::State};
use sea_orm::sqlx::{self, Row, postgres::PgRow};
use uuid::Uuid;

use super::{
    Answer, Before, data, json,
    postgres::{PostgresState, nodes, text, uuid},
};

/// The condition that the manager sees an order's customer. Their right to a department's orders requires it.
macro_rules! seen {
    () => {
        "(o.customer_id__department_id = ANY($2) OR EXISTS (SELECT FROM customer_employee e \
          WHERE e.customer_id = o.customer_id AND e.employee_id = $3 \
          AND (e.until IS NULL OR e.until > now()) OFFSET 0))"
    };
}

/// The orders of one of the manager's departments before an instant, newest first.
macro_rules! of_department {
    ($nth:literal) => {
        concat!(
            "(SELECT o.created_at AS made_at, o.id AS made_id, o.order_date, o.status \
              FROM sales_order o WHERE o.department_id = $2[",
            $nth,
            "] AND o.created_at < $1 AND ",
            seen!(),
            " ORDER BY o.created_at DESC, o.id DESC LIMIT 20)"
        )
    };
}

pub(super) async fn w4(State(shared): State<PostgresState>, Json(before): Json<Before>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT o.made_id, o.order_date::text, o.status, \
         (SELECT json_agg(json_build_object('lineNo', x.line_no, 'quantity', x.quantity::text, \
           'price', x.price::text, 'item', json_build_object('id', i.id, 'name', i.name)) \
           ORDER BY x.line_no) FROM (SELECT line_no, quantity, price, item_id FROM sales_order_line \
           WHERE sales_order_id = o.made_id ORDER BY line_no, id LIMIT 3) x \
           JOIN inventory_item i ON i.id = x.item_id)::text \
         FROM (SELECT * FROM ",
        of_department!("1"),
        " b UNION ALL ",
        of_department!("2"),
        " UNION ALL ",
        of_department!("3"),
        " UNION ALL ",
        of_department!("4"),
        " UNION ALL ",
        of_department!("5"),
        " UNION ALL ",
        of_department!("6"),
        " UNION ALL ",
        of_department!("7"),
        " UNION ALL ",
        of_department!("8"),
        " UNION ALL (SELECT e.recorded_at AS made_at, e.sales_order_id AS made_id, o.order_date, o.status \
          FROM sales_order_employee e JOIN sales_order o ON o.id = e.sales_order_id \
          WHERE e.employee_id = $3 AND (e.until IS NULL OR e.until > now()) AND e.recorded_at < $1 \
          AND NOT EXISTS (SELECT FROM sales_order_employee d WHERE d.employee_id = $3 \
           AND (d.until IS NULL OR d.until > now()) AND d.sales_order_id = e.sales_order_id AND d.id > e.id) \
          AND (o.department_id = ANY($2) AND ",
        seen!(),
        ") IS NOT TRUE ORDER BY e.recorded_at DESC, e.sales_order_id DESC LIMIT 20) \
         ORDER BY made_at DESC, made_id DESC LIMIT 20) o ORDER BY o.made_at DESC, o.made_id DESC",
    ))
    .bind(before.before)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    let each = |row: &PgRow, out: &mut String| {
        out.push('{');
        uuid("id", row, 0, out)?;
        text("orderDate", row, 1, out)?;
        text("status", row, 2, out)?;
        json::key("lines", out);
        out.push_str(row.try_get::<Option<&str>, _>(3)?.unwrap_or("[]"));
        out.push('}');
        Ok(())
    };
    Ok(data("salesOrders", &nodes(&rows, each)?))
}

/// The condition that the manager sees the customer, for all opportunities at once.
macro_rules! by_customer {
    () => {
        "(customer_id__department_id = ANY((SELECT $1::uuid[])::uuid[]) \
          OR (customer_id IN (SELECT customer_id FROM customer_employee e WHERE e.employee_id = $2 \
           AND (e.until IS NULL OR e.until > now()))) IS TRUE)"
    };
}

pub(super) async fn w5(State(shared): State<PostgresState>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT stage_id, count(*), sum(amount)::text FROM (\
          SELECT stage_id, amount FROM opportunity WHERE department_id = ANY((SELECT $1::uuid[])::uuid[]) AND ",
        by_customer!(),
        " UNION ALL SELECT stage_id, amount FROM opportunity WHERE id IN (SELECT opportunity_id \
           FROM opportunity_employee e WHERE e.employee_id = $2 AND (e.until IS NULL OR e.until > now())) \
          AND (department_id = ANY((SELECT $1::uuid[])::uuid[]) AND ",
        by_customer!(),
        ") IS NOT TRUE) o GROUP BY stage_id ORDER BY stage_id",
    ))
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    let mut out = String::from("[");
    for (place, row) in rows.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let (stage, count): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
        out.push_str("{\"key\":{\"stage\":{\"id\":\"");
        out.push_str(stage.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        out.push_str("\"}},\"count\":");
        out.push_str(&count.to_string());
        out.push_str(",\"sum\":{");
        text("amount", row, 2, &mut out)?;
        out.push_str("}}");
    }
    out.push(']');
    Ok(data("opportunityAggregate", &out))
}
