namespace Oms.SystemTests.Reconciliation;

/// <summary>Damages the stores of a running platform, and knows by which names the damage must be found.</summary>
internal sealed class Plants(StoresFixture stores, World world)
{
    private const string Stranger = "11111111-2222-4333-8444-555555555555";

    private readonly List<(string What, string Key)> expected = [];

    public IReadOnlyList<(string What, string Key)> Expected => expected;

    public async Task All()
    {
        await InOrder();
        await InInventory();
        await InRouting();
        await InShipping();
        await InReturns();
        await InCustomer();
    }

    private async Task InOrder()
    {
        var (first, second, fourth) = (world.Completed[0], world.Completed[1], world.Completed[3]);
        await Plant("order", $"update oms.mt_doc_order set data = jsonb_set(data, '{{serviceLevel}}', '\"teleport\"') where id = '{first.Id}'",
            ("order_is_the_fold_of_its_events", $"{first.Id}"));
        await Plant("order", $"update oms.mt_doc_order set mt_version = 99 where id = '{second.Id}'", ("order_shows_the_version_of_its_stream", $"{second.Id}"));
        await Plant("order", $"update oms.mt_doc_fulfillmentstate set data = jsonb_set(data, '{{currentState}}', '\"Delivering\"') where id = '{first.Id}'",
            ("a_final_order_has_a_final_process", first.Number));
        // A capture for a parcel that there is not: the fact itself says so, and the document with it.
        await stores.Change("order", 1, $"update oms.mt_events set data = jsonb_set(data, '{{shipmentId}}', '\"{Stranger}\"') where stream_id = '{second.Id}' and type = 'payment_capture_requested'");
        await Plant("order", $"update oms.mt_doc_order set data = jsonb_set(data, '{{payment,captures,0,shipmentId}}', '\"{Stranger}\"') where id = '{second.Id}'",
            ("every_parcel_has_its_capture", second.Number));
        await Plant("order", $"update oms.mt_doc_fulfillmentstate set data = jsonb_set(data, '{{routingAttempt}}', '7') where id = '{fourth.Id}'",
            ("decision_in_routing", $"{fourth.Number} {await stores.Read<string>("order", $"select data ->> 'routingId' from oms.mt_doc_fulfillmentstate where id = '{fourth.Id}'")}"));
        await Plant("order", $"delete from oms.known_item where sku = '{world.Rare}'", ("item_in_catalog", world.Rare));
        await Plant("order", $"update oms.known_item set name = 'Something else' where sku = '{world.Other}'", ("item_in_catalog", world.Other));
        await Plant("order", "insert into oms.known_item (sku, name) values ('GHOST', 'Boo')", ("item_in_catalog", "GHOST"));
    }

    private async Task InInventory()
    {
        await Plant("inventory", $"update oms.mt_doc_inventory_level set data = jsonb_set(data, '{{counts,onHand}}', '99') where id = '{Level(world.Sku)}'",
            ("inventory_level_is_the_fold_of_its_events", Level(world.Sku)));
        await Plant("inventory", $"delete from oms.mt_doc_inventory_level where id = '{Level(world.Rare)}'", ("inventory_level_has_a_document", Level(world.Rare)));
        await Plant("inventory", $"update oms.mt_doc_inventory_level set mt_version = 99 where id = 'level/{world.Far}/{world.Other}'",
            ("inventory_level_shows_the_version_of_its_stream", $"level/{world.Far}/{world.Other}"));
        await Plant("inventory", $"update oms.mt_events set data = jsonb_set(data, '{{after,damaged}}', '5') where stream_id = '{Level(world.Sku)}' and version = 1",
            ("counts_after_movement", $"{Level(world.Sku)}@1"));

        var (waiting, alsoWaiting) = (await WaitingLine(world.Backordered[0]), await WaitingLine(world.Backordered[1]));
        await Plant("inventory", $"delete from oms.mt_doc_waiting_line where id = '{waiting}'", ("waiting_line_has_a_document", waiting));
        await Plant("inventory", $"update oms.mt_doc_waiting_line set data = jsonb_set(data, '{{quantity}}', '1000') where id = '{alsoWaiting}'",
            ("waiting_line_is_the_fold_of_its_events", alsoWaiting));
        await Plant("inventory",
            $$"""
            insert into oms.mt_doc_waiting_line
            select (jsonb_populate_record(d, jsonb_build_object('id', 'ghost/1', 'backorder_id', '{{Stranger}}', 'data', d.data || '{"id": "ghost/1", "backorderId": "{{Stranger}}"}'))).*
            from oms.mt_doc_waiting_line d where id = '{{alsoWaiting}}'
            """, ("waiting_line_has_a_stream", "ghost/1"));
        var given = await stores.Read<string>("inventory", "select id from oms.mt_doc_backorder where (data ->> 'canceled')::boolean order by id limit 1");
        await Plant("inventory", $"delete from oms.mt_doc_backorder where id = '{given}'", ("backorder_has_a_document", given));
        await Plant("inventory", $"delete from oms.mt_doc_returnrestock where id = 'restock/{world.Refunded:N}'", ("return_restock_has_a_document", $"restock/{world.Refunded:N}"));

        // It holds one piece more than its order asked for and its level has committed; what happened and what is shown agree about it.
        var reservation = await Reservation(world.Open[0]);
        await stores.Change("inventory", 1, $"update oms.mt_events set data = jsonb_set(data, '{{lines,0,quantity}}', '2') where stream_id = '{reservation}' and type = 'stock_reserved'");
        await Plant("inventory", $"update oms.mt_doc_reservation set data = jsonb_set(data, '{{lines,0,quantity}}', '2') where id = '{reservation}'",
            ("committed_is_what_reservations_hold", Level(world.Sku)), ("hold_in_inventory", $"{world.Open[0].Number} {Guid.Parse(reservation.Split('/')[1])}"));
        var other = await Reservation(world.Open[1]);
        await Plant("inventory", $"update oms.mt_doc_reservation set data = jsonb_set(data, '{{reason}}', '\"none\"') where id = '{other}'",
            ("reservation_is_the_fold_of_its_events", other));
        await Plant("inventory", $"update oms.mt_doc_known_location set data = jsonb_set(data, '{{name}}', '\"Atlantis\"') where id = '{world.Far}'",
            ("location_in_inventory", world.Far));
    }

    private async Task InRouting()
    {
        await Plant("routing", $"update oms.availability set available = 77 where sku = '{world.Other}' and location_id = '{world.Far}'",
            ("availability_in_routing", $"{world.Other} at {world.Far}"));
        await Plant("routing", $"delete from oms.availability where sku = '{world.Sku}' and location_id = '{world.Near}'",
            ("availability_in_routing", $"{world.Sku} at {world.Near}"));
        var first = await stores.Read<string>("routing",
            $"select id from oms.mt_doc_routingdecision where data ->> 'orderId' = '{world.Backordered[0].Id}' order by (data ->> 'attempt')::int limit 1");
        await Plant("routing", $"delete from oms.mt_doc_routingdecision where id = '{first}'", ("routing_decision_has_a_document", first));
        await Plant("routing", $"update oms.mt_doc_location set data = jsonb_set(data, '{{details,timeZone}}', '\"Europe/Paris\"') where id = 'location/{world.Near}'",
            ("location_is_the_fold_of_its_events", $"location/{world.Near}"));
        await Plant("routing", $"update oms.location_load set orders = orders + 1 where ctid = (select min(ctid) from oms.location_load where location_id = '{world.Near}')",
            ("counted_orders_are_those_assigned", world.Near));
    }

    private async Task InShipping()
    {
        await Plant("shipping", $"update oms.mt_doc_fulfillmentorder set data = jsonb_set(data, '{{serviceLevel}}', '\"teleport\"') where order_id = '{world.Open[0].Id}'",
            ("fulfillment_order_is_the_fold_of_its_events", $"{await FulfillmentOrder(world.Open[0])}"));
        var stopped = await FulfillmentOrder(world.Canceled);
        await Plant("shipping", $"delete from oms.mt_doc_fulfillmentorder where id = '{stopped}'", ("fulfillment_order_has_a_document", $"{stopped}"));
        await Plant("shipping",
            $$"""
            insert into oms.mt_doc_shipment
            select (jsonb_populate_record(d, jsonb_build_object('id', '{{Stranger}}', 'tracking_number', 'GHOST', 'data', d.data || '{"id": "{{Stranger}}", "trackingNumber": "GHOST"}'))).*
            from oms.mt_doc_shipment d where order_id = '{{world.Completed[0].Id}}'
            """,
            ("shipment_has_a_stream", Stranger), ("parcel_in_shipping", $"{world.Completed[0].Number} {Stranger}"), ("parcel_in_inventory", $"{world.Completed[0].Number} {Stranger}"));
    }

    private async Task InReturns()
    {
        await Plant("returns", $"update oms.mt_doc_returnableorder set data = jsonb_set(data, '{{traceParent}}', '\"x\"') where id = '{world.Completed[0].Id}'",
            ("returnable_order_is_the_fold_of_its_events", $"{world.Completed[0].Id}"));
        await Plant("returns", $"update oms.mt_doc_return set data = jsonb_set(data, '{{received,0,quantity}}', '2') where id = '{world.Refunded}'",
            ("return_is_the_fold_of_its_events", $"{world.Refunded}"), ("claimed_is_what_returns_claim", $"{world.Returned.Number} line 1"));
    }

    /// <summary>It has never heard of an order: all traces of it are gone.</summary>
    private async Task InCustomer()
    {
        var order = world.Completed[2];
        var capture = await stores.Read<string>("order", $"select data -> 'payment' -> 'captures' -> 0 ->> 'transactionId' from oms.mt_doc_order where id = '{order.Id}'");
        await stores.Change("customer", 2, $"delete from oms.mt_events where stream_id = '{order.Id}'");
        await stores.Change("customer", 1, $"delete from oms.mt_streams where id = '{order.Id}'");
        await Plant("customer", $"delete from oms.mt_doc_customerorder where id = '{order.Id}'",
            ("order_in_customer", order.Number), ("capture_in_customer", $"{order.Number} {capture}"), ("customer_totals_are_those_of_the_orders", $"{order.CustomerId}"));
    }

    private async Task Plant(string database, string sql, params (string What, string Key)[] names)
    {
        await stores.Change(database, 1, sql);
        expected.AddRange(names);
    }

    private string Level(string sku) => $"level/{world.Near}/{sku}";

    private Task<string> WaitingLine(PlacedOrder order) => stores.Read<string>("inventory", $"select id from oms.mt_doc_waiting_line where data ->> 'orderId' = '{order.Id}'");

    private Task<string> Reservation(PlacedOrder order) => stores.Read<string>("inventory", $"select id from oms.mt_doc_reservation where data ->> 'orderId' = '{order.Id}'");

    private Task<Guid> FulfillmentOrder(PlacedOrder order) => stores.Read<Guid>("shipping", $"select id from oms.mt_doc_fulfillmentorder where order_id = '{order.Id}'");
}
