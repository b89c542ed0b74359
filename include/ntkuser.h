/*
 * ntkuser.h: KUSER_SHARED_DATA, which programs read at 0x7FFE0000 without any call.  The layout is ABI.
 */
#ifndef WINRUN_NTKUSER_H
#define WINRUN_NTKUSER_H

#include "win.h"

#define KUSER_ADDRESS 0x7ffe0000ull

/* Read as: High1Time, LowPart, High2Time, again if the two differ. */
struct kuser_time {
    volatile ULONG low;
    volatile LONG high1;
    volatile LONG high2;
};

struct kuser {
    ULONG tick_count_low_deprecated;
    ULONG tick_count_multiplier; /* milliseconds = tick_count * multiplier >> 24 */
    struct kuser_time interrupt_time;
    struct kuser_time system_time;
    struct kuser_time time_zone_bias;
    USHORT image_number_low, image_number_high;
    WCHAR system_root[260];
    ULONG max_stack_trace_depth;
    ULONG crypto_exponent;
    ULONG time_zone_id;
    ULONG large_page_minimum;
    ULONG ait_sampling_value;
    ULONG app_compat_flag;
    ULONGLONG random_seed_version;
    ULONG global_validation_run_level;
    volatile LONG time_zone_bias_stamp;
    ULONG build_number;
    ULONG product_type;
    BOOLEAN product_type_is_valid;
    BOOLEAN reserved0[1];
    USHORT native_processor_architecture;
    ULONG major_version, minor_version;
    BOOLEAN processor_features[64];
    ULONG reserved1, reserved3;
    volatile ULONG time_slip;
    ULONG alternative_architecture;
    ULONG boot_id;
    LARGE_INTEGER system_expiration_date;
    ULONG suite_mask;
    BOOLEAN kd_debugger_enabled;
    UCHAR mitigation_policies;
    USHORT cycles_per_yield;
    volatile ULONG active_console_id;
    volatile ULONG dismount_count;
    ULONG com_plus_package;
    ULONG last_system_rit_event_tick_count;
    ULONG physical_pages;
    BOOLEAN safe_boot_mode;
    UCHAR virtualization_flags;
    UCHAR reserved12[2];
    ULONG shared_data_flags;
    ULONG data_flags_pad[1];
    ULONGLONG test_ret_instruction;
    LONGLONG qpc_frequency;
    ULONG system_call;
    ULONG reserved2;
    ULONGLONG system_call_pad[2];
    struct kuser_time tick_count;
    ULONG tick_count_pad[1];
    ULONG cookie;
    ULONG cookie_pad[1];
    LONGLONG console_session_foreground_process;
    ULONGLONG time_update_lock;
    ULONGLONG baseline_system_time_qpc;
    ULONGLONG baseline_interrupt_time_qpc;
    ULONGLONG qpc_system_time_increment;
    ULONGLONG qpc_interrupt_time_increment;
    UCHAR qpc_system_time_increment_shift;
    UCHAR qpc_interrupt_time_increment_shift;
    USHORT unparked_processor_count;
    ULONG enclave_feature_mask[4];
    ULONG telemetry_coverage_round;
    USHORT user_mode_global_logger[16];
    ULONG image_file_execution_options;
    ULONG lang_generation_count;
    ULONGLONG reserved4;
    volatile ULONGLONG interrupt_time_bias;
    volatile ULONGLONG qpc_bias;
    ULONG active_processor_count;
    volatile UCHAR active_group_count;
    UCHAR reserved9;
    UCHAR qpc_bypass_enabled;
    UCHAR qpc_shift;
    LARGE_INTEGER time_zone_bias_effective_start;
    LARGE_INTEGER time_zone_bias_effective_end;
};

CHECK_OFFSET(struct kuser, interrupt_time, 0x08);
CHECK_OFFSET(struct kuser, system_time, 0x14);
CHECK_OFFSET(struct kuser, system_root, 0x30);
CHECK_OFFSET(struct kuser, time_zone_id, 0x240);
CHECK_OFFSET(struct kuser, build_number, 0x260);
CHECK_OFFSET(struct kuser, major_version, 0x26c);
CHECK_OFFSET(struct kuser, processor_features, 0x274);
CHECK_OFFSET(struct kuser, suite_mask, 0x2d0);
CHECK_OFFSET(struct kuser, kd_debugger_enabled, 0x2d4);
CHECK_OFFSET(struct kuser, active_console_id, 0x2d8);
CHECK_OFFSET(struct kuser, safe_boot_mode, 0x2ec);
CHECK_OFFSET(struct kuser, qpc_frequency, 0x300);
CHECK_OFFSET(struct kuser, system_call, 0x308);
CHECK_OFFSET(struct kuser, tick_count, 0x320);
CHECK_OFFSET(struct kuser, cookie, 0x330);
CHECK_OFFSET(struct kuser, interrupt_time_bias, 0x3b0);
CHECK_OFFSET(struct kuser, qpc_bias, 0x3b8);
CHECK_OFFSET(struct kuser, active_processor_count, 0x3c0);

#endif
